-- name: SecondFactor :one
SELECT
    f.secret, f.key_id, f.begun_at, f.confirmed_at, f.last_step,
    (SELECT count(*) FROM recovery_code c WHERE c.person_id = f.person_id AND c.used_at IS NULL) AS recovery_codes
FROM second_factor f
WHERE f.person_id = @person_id;

-- name: MeansOfSignIn :one
SELECT
    (p.password_hash IS NOT NULL)::boolean AS password, f.confirmed_at,
    (SELECT count(*) FROM recovery_code c WHERE c.person_id = f.person_id AND c.used_at IS NULL) AS recovery_codes
FROM person p
LEFT JOIN second_factor f ON f.person_id = p.id
WHERE p.id = @person_id;

-- name: BeginSecondFactor :execrows
-- A secret that was never confirmed is replaced; one in use stays.
INSERT INTO second_factor (person_id, secret, key_id, begun_at)
VALUES (@person_id, @secret, @key_id, @begun_at)
ON CONFLICT (person_id) DO UPDATE SET secret = EXCLUDED.secret, key_id = EXCLUDED.key_id, begun_at = EXCLUDED.begun_at, last_step = 0
WHERE second_factor.confirmed_at IS NULL;

-- name: ConfirmSecondFactor :execrows
UPDATE second_factor
SET confirmed_at = GREATEST(@at::timestamptz, begun_at), last_step = @step
WHERE person_id = @person_id AND confirmed_at IS NULL AND last_step < @step;

-- name: UseStep :execrows
-- Each code serves once, also when it comes twice at the same moment.
UPDATE second_factor
SET last_step = @step
WHERE person_id = @person_id AND confirmed_at IS NOT NULL AND last_step < @step;

-- name: UseRecoveryCode :execrows
UPDATE recovery_code
SET used_at = @at::timestamptz
WHERE person_id = @person_id AND code_hash = @code_hash AND used_at IS NULL;

-- name: DeleteRecoveryCodes :exec
DELETE FROM recovery_code
WHERE person_id = @person_id;

-- name: InsertRecoveryCodes :exec
INSERT INTO recovery_code (person_id, code_hash)
SELECT @person_id, unnest(@hashes::bytea[]);

-- name: DeleteSecondFactor :execrows
DELETE FROM second_factor
WHERE person_id = @person_id;

-- name: SecretsUnderOtherKeys :many
SELECT person_id, secret, key_id
FROM second_factor
WHERE key_id <> @key_id
ORDER BY person_id;

-- name: ReplaceSecret :execrows
-- Only when nobody has replaced it meanwhile.
UPDATE second_factor
SET secret = @secret, key_id = @key_id
WHERE person_id = @person_id AND key_id = @old_key_id;
