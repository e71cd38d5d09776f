-- The secret is never stored, only its HMAC. key_id alone finds the row, before the tenant is known.
CREATE TABLE api_keys (
  tenant_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  key_id      VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  secret_hmac BINARY(32) NOT NULL,
  role        TINYINT NOT NULL,
  expire_time BIGINT NULL,
  revoke_time BIGINT NULL,
  create_time BIGINT NOT NULL,
  payload     MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, key_id),
  UNIQUE KEY by_key_id (key_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
