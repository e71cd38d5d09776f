#include "tests/chaos/rig.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"
#include "server/mysql/migrations.h"

namespace canvass::chaos {
namespace {

void Write(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Rig>> Rig::Start(RigOptions options) {
  std::unique_ptr<Rig> rig(new Rig);
  CANVASS_RETURN_IF_ERROR(rig->StartBoth(options));
  CANVASS_ASSIGN_OR_RETURN(
      rig->own_, testing::MakeWorkspace(rig->server_->address(), rig->server_->operator_credential(), "chaos"));
  return rig;
}

absl::StatusOr<std::unique_ptr<Rig>> Rig::GoOn(RigOptions options, const testing::Workspace& before) {
  std::unique_ptr<Rig> rig(new Rig);
  CANVASS_RETURN_IF_ERROR(rig->StartBoth(options));
  rig->own_ = {.address = rig->server_->address(),
               .tenant = before.tenant,
               .credential = before.credential,
               .survey = before.survey,
               .trigger = before.trigger,
               .admin = testing::Connect(rig->server_->address(), before.credential)};
  return rig;
}

absl::Status Rig::StartBoth(const RigOptions& options) {
  const std::string place = options.database_directory.empty() ? directory_.path() + "/db" : options.database_directory;
  if (!std::filesystem::exists(place)) mysql::testing::CopyTemplate(place);
  CANVASS_ASSIGN_OR_RETURN(database_, mysql::EmbeddedServer::Start({.data_directory = place,
                                                                    .durability = options.durability,
                                                                    .buffer_pool_megabytes = 64,
                                                                    .log_file_megabytes = 32},
                                                                   clock_));
  CANVASS_RETURN_IF_ERROR(mysql::Migrate(database_->connect_options(), clock_));
  std::string socket = database_->connect_options().socket;
  if (options.wire) {
    wire_ = std::make_unique<FaultProxy>(socket, FaultProxyOptions{.seed = options.seed});
    socket = wire_->socket();
  }
  // The same in every rig, so that keys made in one are good in another.
  Write(directory_.path() + "/secret", std::string(64, 's'));
  Write(directory_.path() + "/operator", absl::StrCat("cvo_", std::string(43, 'o')));
  testing::ServerProcessOptions server = {
      .flags = {absl::StrCat("--database=mysql://root@localhost/canvass?socket=", socket),
                absl::StrCat("--secret-file=", directory_.path(), "/secret"),
                absl::StrCat("--operator-key-file=", directory_.path(), "/operator"), "--allow-unsafe-database"}};
  server.flags.insert(server.flags.end(), options.flags.begin(), options.flags.end());
  CANVASS_ASSIGN_OR_RETURN(server_, testing::ServerProcess::Start(std::move(server)));
  return absl::OkStatus();
}

std::unique_ptr<mysql::Connection> Rig::Connect() const {
  auto connection = mysql::Connection::Open(database_->connect_options());
  if (!connection.ok()) {
    std::cerr << "cannot connect to the database: " << connection.status() << std::endl;
    std::exit(1);
  }
  return *std::move(connection);
}

}  // namespace canvass::chaos
