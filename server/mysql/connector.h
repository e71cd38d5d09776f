// The one door to MySQL Connector/C++, whichever is installed: Oracle's 8 and 9 (mysql/jdbc.h) or Debian's 1.1 over
// libmariadb. Only connection.cc and statement.cc include it; exceptions of the driver end in connection.cc.
#ifndef CANVASS_SERVER_MYSQL_CONNECTOR_H_
#define CANVASS_SERVER_MYSQL_CONNECTOR_H_

#if __has_include(<mysql/jdbc.h>)
#include <mysql/jdbc.h>
#define CANVASS_ORACLE_CONNECTOR 1
#else
#define CANVASS_ORACLE_CONNECTOR 0
#include <cppconn/connection.h>
#include <cppconn/datatype.h>
#include <cppconn/driver.h>
#include <cppconn/exception.h>
#include <cppconn/prepared_statement.h>
#include <cppconn/resultset.h>
#include <cppconn/resultset_metadata.h>
#include <cppconn/statement.h>
#include <mysql_driver.h>
#endif

namespace canvass::mysql {

// The two name the options of encryption differently, and ignore each other's in silence.
inline constexpr bool kOracleConnector = CANVASS_ORACLE_CONNECTOR != 0;

}  // namespace canvass::mysql

#endif  // CANVASS_SERVER_MYSQL_CONNECTOR_H_
