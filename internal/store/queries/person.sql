-- name: PersonByEmail :one
SELECT id, email, name, lang, password_hash, credential_version, must_change_password, disabled_at
FROM person
WHERE email = @email;
