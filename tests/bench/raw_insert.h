// The reference for what the database can take: multi-row prepared INSERTs of rows as large as a stored response, each
// statement committed, over the same socket and with the same settings.
#ifndef CANVASS_TESTS_BENCH_RAW_INSERT_H_
#define CANVASS_TESTS_BENCH_RAW_INSERT_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/mysql/connection.h"

namespace canvass::bench {

struct RawInsertOptions {
  mysql::ConnectOptions connection;
  int rows_per_statement = 256;
  int payload_bytes = 200;
  absl::Duration duration = absl::Seconds(5);
};

// Each makes a table of its own and drops it.
// Rows a second.
absl::StatusOr<double> RawInsertRate(const RawInsertOptions& options);
// How long a statement takes with its commit, of half of them at most.
absl::StatusOr<absl::Duration> RawInsertLatency(const RawInsertOptions& options);

}  // namespace canvass::bench

#endif  // CANVASS_TESTS_BENCH_RAW_INSERT_H_
