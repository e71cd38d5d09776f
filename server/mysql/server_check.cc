#include "server/mysql/server_check.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"

namespace canvass::mysql {
namespace {

constexpr int64_t kMinPacket = 16 << 20;

bool IsOne(absl::string_view value) { return value == "1"; }
bool IsOn(absl::string_view value) { return value == "1" || absl::EqualsIgnoreCase(value, "ON"); }
bool IsZero(absl::string_view value) { return value == "0"; }
bool ProtectsPages(absl::string_view value) {
  return value != "0" && !absl::EqualsIgnoreCase(value, "OFF") && !absl::EqualsIgnoreCase(value, "DETECT_ONLY");
}
bool Syncs(absl::string_view value) {
  return !absl::EqualsIgnoreCase(value, "nosync") && !absl::EqualsIgnoreCase(value, "littlesync");
}
bool IsLargePacket(absl::string_view value) {
  int64_t bytes = 0;
  return !absl::SimpleAtoi(value, &bytes) || bytes >= kMinPacket;
}
// Definitions of tables are atomic from MariaDB 10.6 and MySQL 8.0 on; migrations stand on that.
bool IsRecent(absl::string_view value) {
  const std::vector<absl::string_view> parts = absl::StrSplit(value, absl::MaxSplits(absl::ByAnyChar(".-"), 2));
  int major = 0;
  int minor = 0;
  if (parts.size() < 2 || !absl::SimpleAtoi(parts[0], &major) || !absl::SimpleAtoi(parts[1], &minor)) return true;
  return absl::StrContains(value, "MariaDB") ? major > 10 || (major == 10 && minor >= 6) : major >= 8;
}

struct Rule {
  const char* variable;
  bool (*safe)(absl::string_view);
  const char* wanted;
  const char* why;
  const char* remedy;
};

constexpr Rule kRules[] = {
    {"innodb_flush_log_at_trx_commit", IsOne, "1", "a power loss takes answers that were acknowledged",
     "SET GLOBAL innodb_flush_log_at_trx_commit=1, and the same under [mysqld] in its configuration file"},
    {"innodb_rollback_on_timeout", IsOn, "ON",
     "a lock wait timeout undoes one statement of a transaction, whose other half can be committed later",
     "innodb_rollback_on_timeout=ON under [mysqld] in its configuration file, then restart it"},
    {"innodb_doublewrite", ProtectsPages, "ON", "a power loss in the middle of a page's write destroys the page",
     "innodb_doublewrite=ON under [mysqld] in its configuration file, then restart it"},
    {"innodb_flush_method", Syncs, "fsync or O_DIRECT", "nothing is ever forced to the disk",
     "innodb_flush_method=O_DIRECT under [mysqld] in its configuration file, then restart it"},
    {"innodb_force_recovery", IsZero, "0", "the database is in repair and skips its safety checks",
     "remove innodb_force_recovery from its configuration file, then restart it"},
    {"max_allowed_packet", IsLargePacket, "at least 16777216",
     "large batches are refused, and the connection with them",
     "SET GLOBAL max_allowed_packet=67108864, and the same under [mysqld] in its configuration file"},
    {"version", IsRecent, "MariaDB 10.6 or MySQL 8.0, or later",
     "an interrupted change of the schema leaves half of it", "upgrade it"},
};

// A binary log that lags behind loses transactions on recovery, because the server believes the log.
constexpr Rule kBinaryLogRule = {"sync_binlog", IsOne, "1",
                                 "a power loss takes acknowledged answers out of the binary log and off the replicas",
                                 "SET GLOBAL sync_binlog=1, and the same under [mysqld] in its configuration file"};

void Judge(const Rule& rule, const ServerVariables& variables, std::vector<UnsafeSetting>& unsafe) {
  const auto found = variables.find(rule.variable);
  if (found == variables.end() || rule.safe(found->second)) return;
  unsafe.push_back({.variable = rule.variable,
                    .value = found->second,
                    .wanted = rule.wanted,
                    .why = rule.why,
                    .remedy = rule.remedy});
}

absl::StatusOr<ServerVariables> ReadVariables(Connection& connection) {
  CANVASS_ASSIGN_OR_RETURN(const Rows rows, connection.Query("SHOW GLOBAL VARIABLES"));
  ServerVariables variables;
  for (const Row& row : rows) variables[absl::AsciiStrToLower(row.String(0))] = row.String(1);
  return variables;
}

}  // namespace

std::string UnsafeSetting::ToString() const {
  return absl::StrCat(variable, " is ", value, ", wanted: ", wanted, " (otherwise ", why, "). To set it: ", remedy,
                      ".");
}

std::vector<UnsafeSetting> FindUnsafeSettings(const ServerVariables& variables) {
  std::vector<UnsafeSetting> unsafe;
  for (const Rule& rule : kRules) Judge(rule, variables, unsafe);
  const auto binary_log = variables.find("log_bin");
  if (binary_log != variables.end() && IsOn(binary_log->second)) Judge(kBinaryLogRule, variables, unsafe);
  return unsafe;
}

absl::Status CheckServer(Connection& connection, UnsafeServer unsafe) {
  CANVASS_ASSIGN_OR_RETURN(const ServerVariables variables, ReadVariables(connection));
  const std::vector<UnsafeSetting> found = FindUnsafeSettings(variables);
  if (found.empty()) return absl::OkStatus();
  if (unsafe == UnsafeServer::kAccept) {
    for (const UnsafeSetting& setting : found) {
      Log(LogLevel::kWarning, "unsafe database accepted", {{"setting", setting.ToString()}});
    }
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "the database server would lose data:\n  ",
      absl::StrJoin(found, "\n  ",
                    [](std::string* out, const UnsafeSetting& setting) { absl::StrAppend(out, setting.ToString()); }),
      "\nChange its settings, or start with --allow-unsafe-database to accept the loss."));
}

}  // namespace canvass::mysql
