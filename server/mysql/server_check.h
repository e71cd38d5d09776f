// Refuses a database server whose settings would lose what it acknowledged. The stock settings of MySQL and MariaDB do.
//
//   CANVASS_RETURN_IF_ERROR(CheckServer(*connection, UnsafeServer::kRefuse));
//
// Run once at the start, before the first request. The embedded server passes by construction; a test holds it to that.
#ifndef CANVASS_SERVER_MYSQL_SERVER_CHECK_H_
#define CANVASS_SERVER_MYSQL_SERVER_CHECK_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "server/mysql/connection.h"

namespace canvass::mysql {

// Whether to start all the same. kAccept is what --allow-unsafe-database says.
enum class UnsafeServer { kRefuse, kAccept };

// One setting that is not as it must be.
struct UnsafeSetting {
  std::string variable;
  std::string value;   // as the server has it
  std::string wanted;  // "1", "at least 16777216"
  std::string why;     // what goes wrong with the value it has
  std::string remedy;  // how to set it

  std::string ToString() const;
};

using ServerVariables = absl::flat_hash_map<std::string, std::string>;

// Returns everything that is wrong with `variables` (global ones, names in lower case, and "version"). A variable that
// is missing is of another kind of server and not judged.
std::vector<UnsafeSetting> FindUnsafeSettings(const ServerVariables& variables);

// Ok if the server is safe, or with kAccept, which logs a warning for each setting. Otherwise FailedPrecondition that
// lists all settings at once. Errors of reading them as in status_mapping.h.
absl::Status CheckServer(Connection& connection, UnsafeServer unsafe);

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_SERVER_CHECK_H_
