package qr

// draw places the fixed parts, the data along its zigzag, and the mask that
// leaves the calmest picture.
func draw(version int, data []byte) *Code {
	c := &Code{version: version, size: 17 + 4*version}
	c.dark, c.fixed = square(c.size), square(c.size)
	c.drawFixed()
	c.drawData(data)
	best, least := 0, -1
	for mask := range masks {
		c.apply(mask)
		c.drawFormat(mask)
		if p := c.penalty(); least < 0 || p < least {
			best, least = mask, p
		}
		c.apply(mask) // and off again
	}
	c.apply(best)
	c.drawFormat(best)
	return c
}

func square(size int) [][]bool {
	rows := make([][]bool, size)
	for i := range rows {
		rows[i] = make([]bool, size)
	}
	return rows
}

func (c *Code) set(row, column int, dark bool) {
	c.dark[row][column], c.fixed[row][column] = dark, true
}

// drawFixed draws what every code of the version has.
func (c *Code) drawFixed() {
	for i := range c.size {
		c.set(6, i, i%2 == 0)
		c.set(i, 6, i%2 == 0)
	}
	for _, corner := range [][2]int{{3, 3}, {3, c.size - 4}, {c.size - 4, 3}} {
		c.drawRings(corner[0], corner[1], 4, func(ring int) bool { return ring != 2 && ring != 4 })
	}
	places := c.alignments()
	for i, row := range places {
		for j, column := range places {
			last := len(places) - 1
			if i == 0 && j == 0 || i == 0 && j == last || i == last && j == 0 {
				continue // a corner is there
			}
			c.drawRings(row, column, 2, func(ring int) bool { return ring != 1 })
		}
	}
	c.drawFormat(0) // keeps the place
	c.drawVersion()
}

func (c *Code) drawRings(row, column, radius int, dark func(ring int) bool) {
	for y := -radius; y <= radius; y++ {
		for x := -radius; x <= radius; x++ {
			if r, k := row+y, column+x; r >= 0 && k >= 0 && r < c.size && k < c.size {
				c.set(r, k, dark(max(y, -y, x, -x)))
			}
		}
	}
}

// alignments lists the rows, which are also the columns, of the small squares.
func (c *Code) alignments() []int {
	if c.version == 1 {
		return nil
	}
	n := c.version/7 + 2
	step := (c.version*8 + n*3 + 5) / (n*4 - 4) * 2
	places := make([]int, n)
	places[0] = 6
	for i := n - 1; i > 0; i-- {
		places[i] = c.size - 7 - (n-1-i)*step
	}
	return places
}

// drawFormat writes the level (M is 0) and the mask, twice.
func (c *Code) drawFormat(mask int) {
	rest := mask
	for range 10 {
		rest = rest<<1 ^ rest>>9*0x537
	}
	bits := (mask<<10 | rest) ^ 0x5412
	bit := func(i int) bool { return bits>>i&1 == 1 }
	for i := range 6 {
		c.set(i, 8, bit(i))
	}
	c.set(7, 8, bit(6))
	c.set(8, 8, bit(7))
	c.set(8, 7, bit(8))
	for i := 9; i < 15; i++ {
		c.set(8, 14-i, bit(i))
	}
	for i := range 8 {
		c.set(8, c.size-1-i, bit(i))
	}
	for i := 8; i < 15; i++ {
		c.set(c.size-15+i, 8, bit(i))
	}
	c.set(c.size-8, 8, true)
}

// drawVersion writes the version, twice, where it has a place.
func (c *Code) drawVersion() {
	if c.version < 7 {
		return
	}
	rest := c.version
	for range 12 {
		rest = rest<<1 ^ rest>>11*0x1F25
	}
	bits := c.version<<12 | rest
	for i := range 18 {
		dark, far, near := bits>>i&1 == 1, c.size-11+i%3, i/3
		c.set(near, far, dark)
		c.set(far, near, dark)
	}
}

// each visits the modules that hold data, in their order: pairs of columns from
// the right, up and down in turn.
func (c *Code) each(do func(row, column int)) {
	for right := c.size - 1; right > 0; right -= 2 {
		if right == 6 {
			right-- // a fixed column
		}
		for i := range c.size {
			row := i
			if (right+1)&2 == 0 {
				row = c.size - 1 - i
			}
			for _, column := range []int{right, right - 1} {
				if !c.fixed[row][column] {
					do(row, column)
				}
			}
		}
	}
}

func (c *Code) drawData(data []byte) {
	i := 0
	c.each(func(row, column int) {
		if i < 8*len(data) {
			c.dark[row][column] = data[i/8]>>(7-i%8)&1 == 1
		}
		i++
	})
}

// masks turn modules over where they are true (ISO/IEC 18004, table 10).
var masks = []func(row, column int) bool{
	func(r, c int) bool { return (r+c)%2 == 0 },
	func(r, _ int) bool { return r%2 == 0 },
	func(_, c int) bool { return c%3 == 0 },
	func(r, c int) bool { return (r+c)%3 == 0 },
	func(r, c int) bool { return (r/2+c/3)%2 == 0 },
	func(r, c int) bool { return r*c%2+r*c%3 == 0 },
	func(r, c int) bool { return (r*c%2+r*c%3)%2 == 0 },
	func(r, c int) bool { return ((r+c)%2+r*c%3)%2 == 0 },
}

func (c *Code) apply(mask int) {
	for row := range c.size {
		for column := range c.size {
			if !c.fixed[row][column] && masks[mask](row, column) {
				c.dark[row][column] = !c.dark[row][column]
			}
		}
	}
}

// finder is what a scanner takes for a corner, with the light before or after it.
var finder = [2]string{"10111010000", "00001011101"}

// penalty counts what makes a picture hard to read (ISO/IEC 18004, 7.8.3): long
// runs, blocks of one colour, false corners, too much of one colour.
func (c *Code) penalty() (total int) {
	dark := 0
	for i := range c.size {
		row, column := make([]byte, c.size), make([]byte, c.size)
		for j := range c.size {
			row[j], column[j] = '0', '0'
			if c.dark[i][j] {
				row[j] = '1'
				dark++
			}
			if c.dark[j][i] {
				column[j] = '1'
			}
			if i > 0 && j > 0 && c.dark[i][j] == c.dark[i-1][j] && c.dark[i][j] == c.dark[i][j-1] && c.dark[i][j] == c.dark[i-1][j-1] {
				total += 3
			}
		}
		total += linePenalty(string(row)) + linePenalty(string(column))
	}
	percent := dark * 100 / (c.size * c.size)
	return total + max(percent-50, 50-percent)/5*10
}

func linePenalty(line string) (total int) {
	run := 0
	for i := range line {
		if i > 0 && line[i] == line[i-1] {
			run++
		} else {
			run = 1
		}
		switch {
		case run == 5:
			total += 3
		case run > 5:
			total++
		}
		if end := i + len(finder[0]); end <= len(line) && (line[i:end] == finder[0] || line[i:end] == finder[1]) {
			total += 40
		}
	}
	return total
}
