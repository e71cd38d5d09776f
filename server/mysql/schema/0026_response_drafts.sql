-- Answers of respondents who have not finished, by the invitation or, of links, by the visit.
CREATE TABLE response_drafts (
  tenant_id   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  draft_id    BINARY(16) NOT NULL,
  update_time BIGINT NOT NULL,
  expire_time BIGINT NOT NULL,
  payload     MEDIUMBLOB NOT NULL,
  PRIMARY KEY (tenant_id, draft_id),
  KEY by_expiry (tenant_id, expire_time)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
