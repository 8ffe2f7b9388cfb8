-- +goose Up

-- ─── Single sign-on ────────────────────────────────────────────────────────

-- Who a person is at an identity provider. The subject is the provider's own
-- name for them, for good; an e-mail address would not do, since it can be
-- given to somebody else.
CREATE TABLE person_identity (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id    bigint NOT NULL REFERENCES person,
    issuer       text NOT NULL CHECK (issuer ~ '^https?://' AND length(issuer) <= 500),
    subject      text NOT NULL CHECK (length(subject) BETWEEN 1 AND 255 AND subject !~ '[[:cntrl:]]'),
    linked_by    bigint REFERENCES person, -- NULL: by signing in
    linked_at    timestamptz NOT NULL,
    last_used_at timestamptz,
    UNIQUE (issuer, subject),
    UNIQUE (person_id, issuer)
);

-- A session that began with single sign-on bears the number of a row here: the
-- provider can end it, and signing out ends the one at the provider too.
CREATE TABLE sign_on (
    id        text PRIMARY KEY CHECK (length(id) >= 20), -- random
    person_id bigint NOT NULL REFERENCES person,
    issuer    text NOT NULL,
    sub       text NOT NULL, -- as the provider's notices of logout name the person
    sid       text NOT NULL DEFAULT '', -- and the session
    id_token  text NOT NULL, -- told to the provider when signing out
    began_at  timestamptz NOT NULL
);
CREATE INDEX ON sign_on (issuer, sub);
CREATE INDEX ON sign_on (person_id);
CREATE INDEX ON sign_on (began_at);

-- What counts once: the state of a sign-in, the number of a notice of logout.
CREATE TABLE sign_on_spent (
    hash  bytea PRIMARY KEY CHECK (length(hash) = 32), -- SHA-256
    until timestamptz NOT NULL -- afterwards it is refused for its age
);
CREATE INDEX ON sign_on_spent (until);

-- Roles that follow from groups of the provider come and go with them. Those
-- that a person gave are never touched by that.
ALTER TABLE role_grant ADD COLUMN source text NOT NULL DEFAULT 'manual' CHECK (source IN ('manual', 'sso'));

GRANT SELECT, INSERT, DELETE, UPDATE (last_used_at) ON person_identity TO jalon_app;
GRANT SELECT, INSERT, DELETE ON sign_on, sign_on_spent TO jalon_app;

-- +goose Down
ALTER TABLE role_grant DROP COLUMN source;
DROP TABLE sign_on_spent, sign_on, person_identity;
