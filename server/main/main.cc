// canvassd. See `canvassd --help`.

#include <google/protobuf/stubs/logging.h>
#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/main/backend.h"
#include "server/main/config.h"
#include "server/main/server.h"

namespace canvass {
namespace {

constexpr char kVersion[] = "0.1.0";
// As sysexits.h has them.
constexpr int kUsageError = 64;

int Fail(const absl::Status& status) {
  Log(LogLevel::kError, status.message());
  return EXIT_FAILURE;
}

// Blocks SIGTERM and SIGINT for every thread to come, so that Await() alone sees them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A peer that goes away while it is written to is an error of that write alone.
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

int Serve(const Config& config) {
  const sigset_t signals = BlockStopSignals();
  absl::StatusOr<std::unique_ptr<Server>> server = Server::Start(config);
  if (!server.ok()) return Fail(server.status());
  int signal = 0;
  sigwait(&signals, &signal);
  const absl::Status stopped = (*server)->Stop();
  return stopped.ok() ? EXIT_SUCCESS : Fail(stopped);
}

// Protobuf reports every string that is not UTF-8 on standard error, as plain text; the caller is told, the log is
// ours.
void QuietProtobuf() { google::protobuf::SetLogHandler(nullptr); }

// Debian builds Abseil with its deadlock detector, which costs every lock.
void SwitchOffDeadlockDetection() { absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore); }

int Main(int argc, char** argv) {
  QuietProtobuf();
  SwitchOffDeadlockDetection();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const absl::StatusOr<Config> config = ReadConfig(arguments, [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  });
  if (!config.ok()) {
    std::fprintf(stderr, "%s\n", std::string(config.status().message()).c_str());
    return kUsageError;
  }
  SetLogLevel(config->log_level);
  SystemClock clock;
  switch (config->verb) {
    case Verb::kHelp:
      std::fputs(ConfigHelp().c_str(), stdout);
      return EXIT_SUCCESS;
    case Verb::kVersion:
      std::printf("canvassd %s\n", kVersion);
      return EXIT_SUCCESS;
    case Verb::kMigrate: {
      const absl::Status migrated = MigrateBackend(*config, clock);
      return migrated.ok() ? EXIT_SUCCESS : Fail(migrated);
    }
    case Verb::kServe:
      return Serve(*config);
  }
  return EXIT_FAILURE;
}

}  // namespace
}  // namespace canvass

int main(int argc, char** argv) { return canvass::Main(argc, argv); }
