-- Contacts that became another's: whoever asks for contact_id gets kept_id.
CREATE TABLE contact_merges (
  tenant_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  contact_id  VARBINARY(128) NOT NULL,
  kept_id     VARBINARY(128) NOT NULL,
  create_time BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, contact_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
