-- Who must not be asked. target is a digest of the contact's id or of the address; channel 0 stands for all channels.
CREATE TABLE suppressions (
  tenant_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  target      BINARY(16) NOT NULL,
  channel     TINYINT NOT NULL,
  reason      TINYINT NOT NULL,
  create_time BIGINT NOT NULL,
  payload     MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, target, channel)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
