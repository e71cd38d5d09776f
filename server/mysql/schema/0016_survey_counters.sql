-- How many responses were taken under a survey's quotas, by the quota's key; under '@responses', for surveys that close
-- after a number of them, how many there are in all. last_response is then the greatest id that was counted: a later one
-- was stored while nobody counted.
CREATE TABLE survey_counters (
  tenant_id     VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  survey_id     VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  counter_key   VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total         BIGINT NOT NULL,
  last_response BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, survey_id, counter_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
