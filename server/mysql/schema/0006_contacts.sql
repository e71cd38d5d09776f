-- contact_id, here and elsewhere, is the external id byte by byte: a text column would take "bob" and "bob " for one person.
CREATE TABLE contacts (
  tenant_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  contact_id  VARBINARY(128) NOT NULL,
  revision    BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  update_time BIGINT NOT NULL,
  payload     MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, contact_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
