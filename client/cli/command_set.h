// The commands as CLI11 knows them, each with what it does. Parsing only chooses a command; it runs afterwards, so that
// CLI11's exceptions end before any work begins.
//
//   CLI::App& survey = commands.AddNoun("survey", "Questionnaires and their versions");
//   auto id = std::make_shared<std::string>();
//   CLI::App& get = commands.AddVerb(survey, "get", "Show a survey", [id](Session& session) { return Get(session, *id);
//   }); get.add_option("survey", *id, "Its id")->required();
//
// Not thread-safe. Must outlive the App.
#ifndef CANVASS_CLIENT_CLI_COMMAND_SET_H_
#define CANVASS_CLIENT_CLI_COMMAND_SET_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "client/cli/session.h"
#include "google/protobuf/timestamp.pb.h"

namespace canvass::cli {

// Does a command's work. A status that is not ok is printed and decides the exit code.
using Action = std::function<absl::Status(Session&)>;

class CommandSet {
 public:
  explicit CommandSet(CLI::App& root) : root_(root) {}

  CLI::App& AddNoun(const std::string& name, const std::string& description);
  // Below a noun, or the root itself.
  CLI::App& AddVerb(CLI::App& noun, const std::string& name, const std::string& description, Action action);

  CLI::App& root() { return root_; }
  // What the parsed command line chose; empty before.
  const Action& chosen() const { return chosen_; }

 private:
  CLI::App& root_;
  Action chosen_;
};

// Options that several commands have, so that they look the same everywhere.

// Files, behind the command or each with -f; "-" is standard input. Of a verb that has another argument by now, with -f
// alone.
CLI::Option* AddFiles(CLI::App& verb, std::vector<std::string>& files, const std::string& description);
// --limit
CLI::Option* AddLimit(CLI::App& verb, int& limit);

// Reads the time that `flag` gives into `time`. UsageError if it is none.
absl::Status ReadTimeFlag(absl::string_view flag, const std::string& text, google::protobuf::Timestamp& time);

// Reads --start and --end into the fields of that name, where they are given.
template <typename Request>
absl::Status ReadTimeRange(const std::string& start, const std::string& end, Request& request) {
  absl::Status status = absl::OkStatus();
  if (!start.empty()) status.Update(ReadTimeFlag("--start", start, *request.mutable_start_time()));
  if (!end.empty()) status.Update(ReadTimeFlag("--end", end, *request.mutable_end_time()));
  return status;
}

// Reads a time, or how long before `now` it is ("7d").
absl::Status ReadMomentFlag(absl::string_view flag, const std::string& text, absl::Time now,
                            google::protobuf::Timestamp& time);

// Reads --since and --until into start_time and end_time, where they are given.
template <typename Request>
absl::Status ReadSinceUntil(const std::string& since, const std::string& until, absl::Time now, Request& request) {
  absl::Status status = absl::OkStatus();
  if (!since.empty()) status.Update(ReadMomentFlag("--since", since, now, *request.mutable_start_time()));
  if (!until.empty()) status.Update(ReadMomentFlag("--until", until, now, *request.mutable_end_time()));
  return status;
}

// Each noun with its verbs: commands/<noun>.cc.
void AddTenantCommands(CommandSet& commands);
void AddKeyCommands(CommandSet& commands);
void AddSurveyCommands(CommandSet& commands);
void AddContactCommands(CommandSet& commands);
void AddSegmentCommands(CommandSet& commands);
void AddSuppressionCommands(CommandSet& commands);
void AddEventCommands(CommandSet& commands);
void AddSourceCommands(CommandSet& commands);
void AddTriggerCommands(CommandSet& commands);
void AddDecisionCommands(CommandSet& commands);
void AddInvitationCommands(CommandSet& commands);
void AddResponseCommands(CommandSet& commands);
void AddMetricCommands(CommandSet& commands);
void AddLinkCommands(CommandSet& commands);
void AddOutboxCommands(CommandSet& commands);
void AddOperationCommands(CommandSet& commands);
void AddSettingsCommands(CommandSet& commands);
void AddContextCommands(CommandSet& commands);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_COMMAND_SET_H_
