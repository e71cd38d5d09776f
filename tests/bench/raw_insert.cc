#include "tests/bench/raw_insert.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/ids.h"
#include "server/base/random.h"
#include "server/base/status_macros.h"
#include "server/mysql/value.h"

namespace canvass::bench {
namespace {

constexpr char kCreate[] =
    "CREATE TABLE bench_rows (tenant_id VARCHAR(63) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, row_id BINARY(16) "
    "NOT "
    "NULL, row_time BIGINT NOT NULL, payload MEDIUMBLOB NOT NULL, PRIMARY KEY (tenant_id, row_id)) ENGINE=InnoDB";

std::string InsertStatement(int rows) {
  std::string sql = "INSERT INTO bench_rows (tenant_id, row_id, row_time, payload) VALUES ";
  for (int i = 0; i < rows; ++i) absl::StrAppend(&sql, i == 0 ? "" : ",", "(?,?,?,?)");
  return sql;
}

struct RawInserts {
  int64_t rows = 0;
  absl::Duration duration;
  // Of each statement.
  std::vector<absl::Duration> latencies;
};

absl::StatusOr<RawInserts> Insert(const RawInsertOptions& options) {
  CANVASS_ASSIGN_OR_RETURN(const std::unique_ptr<mysql::Connection> connection,
                           mysql::Connection::Open(options.connection));
  CANVASS_RETURN_IF_ERROR(connection->ExecuteText("DROP TABLE IF EXISTS bench_rows"));
  CANVASS_RETURN_IF_ERROR(connection->ExecuteText(kCreate));
  SecureRandom random;
  const std::string sql = InsertStatement(options.rows_per_statement);
  const std::string payload = random.Bytes(static_cast<std::size_t>(options.payload_bytes));
  RawInserts inserts;
  const absl::Time start = absl::Now();
  absl::Time last = start;
  while (last - start < options.duration) {
    mysql::Params params;
    for (int i = 0; i < options.rows_per_statement; ++i) {
      params.Add("bench").Add(Uuid::V7(absl::Now(), random)).Add(absl::Now()).Add(payload);
    }
    CANVASS_ASSIGN_OR_RETURN(const int64_t inserted, connection->Execute(sql, params.values()));
    inserts.rows += inserted;
    const absl::Time now = absl::Now();
    inserts.latencies.push_back(now - std::exchange(last, now));
  }
  inserts.duration = last - start;
  CANVASS_RETURN_IF_ERROR(connection->ExecuteText("DROP TABLE bench_rows"));
  return inserts;
}

}  // namespace

absl::StatusOr<double> RawInsertRate(const RawInsertOptions& options) {
  CANVASS_ASSIGN_OR_RETURN(const RawInserts inserts, Insert(options));
  return static_cast<double>(inserts.rows) / absl::ToDoubleSeconds(inserts.duration);
}

absl::StatusOr<absl::Duration> RawInsertLatency(const RawInsertOptions& options) {
  CANVASS_ASSIGN_OR_RETURN(RawInserts inserts, Insert(options));
  const auto middle = inserts.latencies.begin() + static_cast<std::ptrdiff_t>(inserts.latencies.size() / 2);
  std::nth_element(inserts.latencies.begin(), middle, inserts.latencies.end());
  return *middle;
}

}  // namespace canvass::bench
