// A database's address as text, as operators write it:
//
//   mysql://canvass:secret@db.example.com:3306/canvass?ssl-ca=/etc/ssl/db-ca.pem
//   mysql://canvass@localhost/canvass?socket=/run/mysqld/mysqld.sock
//
// Parameters: ssl-ca, ssl-cert, ssl-key (paths of PEM files), ssl=off, socket (a path), password-file (a path; its
// first line is the password, so that no secret stands in a command line).
//
// A host that is not this machine needs ssl-ca, or ssl=off to say that the network is trusted. User, password and
// schema are percent-decoded.
#ifndef CANVASS_SERVER_MYSQL_DATABASE_URL_H_
#define CANVASS_SERVER_MYSQL_DATABASE_URL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/mysql/connection.h"

namespace canvass::mysql {

// InvalidArgument with what is wrong if `url` is not as above, NotFound if a file that it names cannot be read. No
// message contains the password.
absl::StatusOr<ConnectOptions> ParseDatabaseUrl(absl::string_view url);

// The address without its password, for logs.
std::string DescribeDatabase(const ConnectOptions& options);

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_DATABASE_URL_H_
