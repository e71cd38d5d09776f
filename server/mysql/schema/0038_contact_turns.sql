-- What whoever stores a response locks, where a survey limits how often one contact may answer. turn_key is a digest of
-- survey and contact.
CREATE TABLE contact_turns (
  tenant_id VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  turn_key  BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, turn_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
