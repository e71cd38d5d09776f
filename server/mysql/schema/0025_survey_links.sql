CREATE TABLE survey_links (
  tenant_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  link_id     VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  survey_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  used        TINYINT NOT NULL,
  revision    BIGINT NOT NULL,
  create_time BIGINT NOT NULL,
  payload     MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, link_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
