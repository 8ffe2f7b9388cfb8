package site

// fileInputs are the groups P and F: names and contents of files.
func fileInputs() []bad { return nil }
