#include "client/cli/exit_code.h"

#include "absl/strings/cord.h"

namespace canvass::cli {
namespace {

constexpr char kUsagePayload[] = "canvass.cli/usage";
constexpr char kPartlyPayload[] = "canvass.cli/partly";
constexpr char kNotGoodPayload[] = "canvass.cli/not-good";

}  // namespace

absl::Status UsageError(absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kUsagePayload, absl::Cord());
  return status;
}

bool IsUsageError(const absl::Status& status) { return status.GetPayload(kUsagePayload).has_value(); }

absl::Status PartlyDone(absl::string_view message) {
  absl::Status status = absl::FailedPreconditionError(message);
  status.SetPayload(kPartlyPayload, absl::Cord());
  return status;
}

bool IsPartlyDone(const absl::Status& status) { return status.GetPayload(kPartlyPayload).has_value(); }

absl::Status NotGood(absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kNotGoodPayload, absl::Cord());
  return status;
}

bool IsNotGood(const absl::Status& status) { return status.GetPayload(kNotGoodPayload).has_value(); }

ExitCode ExitCodeOf(const absl::Status& status) {
  if (IsUsageError(status)) return ExitCode::kUsage;
  if (IsPartlyDone(status)) return ExitCode::kPartly;
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return ExitCode::kUnreachable;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kPermissionDenied:
      return ExitCode::kNotAllowed;
    default:
      return ExitCode::kRefused;
  }
}

std::string ExitCodeHelp() {
  return "Exit codes:\n"
         "  0  done\n"
         "  1  the server refused: bad content, a conflict, a wrong state\n"
         "  2  the command line, a file or the configuration is wrong; nothing was sent\n"
         "  3  no answer: no connection, or the deadline passed\n"
         "  4  not found\n"
         "  5  no credential, a wrong one, or one whose role may not do this\n"
         "  6  some items of a batch were refused; the others are stored\n";
}

}  // namespace canvass::cli
