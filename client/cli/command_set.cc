#include "client/cli/command_set.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/exit_code.h"
#include "client/cli/paging.h"

namespace canvass::cli {

CLI::App& CommandSet::AddNoun(const std::string& name, const std::string& description) {
  CLI::App& noun = *root_.add_subcommand(name, description);
  noun.group("Commands");
  noun.require_subcommand(1);
  // Global options may stand behind the command as well.
  noun.fallthrough();
  return noun;
}

CLI::App& CommandSet::AddVerb(CLI::App& noun, const std::string& name, const std::string& description, Action action) {
  CLI::App& verb = *noun.add_subcommand(name, description);
  verb.group("Commands");
  verb.fallthrough();
  verb.callback([this, action = std::move(action)] { chosen_ = action; });
  return verb;
}

absl::Status ReadTimeFlag(absl::string_view flag, const std::string& text, google::protobuf::Timestamp& time) {
  const absl::StatusOr<absl::Time> parsed = ParseTime(text);
  if (!parsed.ok()) return UsageError(absl::StrCat(flag, ": ", parsed.status().message()));
  SetTime(*parsed, time);
  return absl::OkStatus();
}

absl::Status ReadMomentFlag(absl::string_view flag, const std::string& text, absl::Time now,
                            google::protobuf::Timestamp& time) {
  const absl::StatusOr<absl::Duration> ago = ParseDuration(text);
  if (!ago.ok()) return ReadTimeFlag(flag, text, time);
  SetTime(now - *ago, time);
  return absl::OkStatus();
}

CLI::Option* AddFiles(CLI::App& verb, std::vector<std::string>& files, const std::string& description) {
  const bool bare = verb.get_options([](const CLI::Option* option) { return option->get_positional(); }).empty();
  return verb.add_option(bare ? "-f,--file,file" : "-f,--file", files, description + "; - for standard input")
      ->type_name("FILE")
      ->allow_extra_args(bare);
}

CLI::Option* AddLimit(CLI::App& verb, int& limit) {
  limit = kDefaultLimit;
  return verb.add_option("--limit", limit, "Show at most this many; 0 for all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

}  // namespace canvass::cli
