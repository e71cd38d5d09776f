// A canvassd on a database that the test runs itself, so that it can stop it, hold its rows, put it on a disk of its
// own, or stand between the two.
//
//   auto rig = Rig::Start({});
//   (*rig)->own();            // a tenant with a survey
//   (*rig)->database();
//
// Not thread-safe. The destructor stops the server, then the database.
#ifndef CANVASS_TESTS_CHAOS_RIG_H_
#define CANVASS_TESTS_CHAOS_RIG_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/clock.h"
#include "server/mysql/connection.h"
#include "server/mysql/embedded_server.h"
#include "server/mysql/testing/test_database.h"
#include "tests/chaos/fault_proxy.h"
#include "tests/process/server_process.h"
#include "tests/process/workspace.h"

namespace canvass::chaos {

struct RigOptions {
  // Empty: a directory that goes with the rig. One with a database in it is gone on with.
  std::string database_directory;
  mysql::Durability durability = mysql::Durability::kProcessCrash;
  // Of canvassd.
  std::vector<std::string> flags;
  // What the server's connections to the database go through, if `wire` is set.
  bool wire = false;
  uint64_t seed = 1;
};

class Rig {
 public:
  // Starts both, and makes the workspace `chaos`.
  static absl::StatusOr<std::unique_ptr<Rig>> Start(RigOptions options);
  // Starts both on what an earlier rig left in the directory, whose workspace is `before`.
  static absl::StatusOr<std::unique_ptr<Rig>> GoOn(RigOptions options, const testing::Workspace& before);

  testing::ServerProcess& server() { return *server_; }
  mysql::EmbeddedServer& database() { return *database_; }
  // Null without RigOptions::wire.
  FaultProxy* wire() { return wire_.get(); }
  testing::Workspace& own() { return own_; }

  // A session beside the server's; a failure ends the process.
  std::unique_ptr<mysql::Connection> Connect() const;

 private:
  Rig() = default;
  absl::Status StartBoth(const RigOptions& options);

  SystemClock clock_;
  const mysql::testing::TemporaryDirectory directory_;
  std::unique_ptr<mysql::EmbeddedServer> database_;
  std::unique_ptr<FaultProxy> wire_;
  std::unique_ptr<testing::ServerProcess> server_;
  testing::Workspace own_;
};

}  // namespace canvass::chaos

#endif  // CANVASS_TESTS_CHAOS_RIG_H_
