#include "client/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/cli/command_set.h"
#include "client/cli/completion.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/exit_code.h"
#include "client/cli/output/printer.h"
#include "client/cli/session.h"
#include "client/cpp/build_facts.h"

namespace canvass::cli {
namespace {

constexpr char kDescription[] = "Surveys for customers at the right moment, and numbers that can be trusted";

std::string Footer() {
  return absl::StrCat(
      "First steps:\n"
      "  canvass context add demo --address 127.0.0.1:7443 --key-file key.txt\n"
      "  canvass survey apply post-purchase.yaml --publish\n"
      "  canvass metric show post-purchase\n\n"
      "Environment:\n"
      "  CANVASS_CONTEXT   the context to use\n"
      "  CANVASS_ADDRESS   the server, instead of the context's\n"
      "  CANVASS_TENANT    the tenant, instead of the context's or the key's own\n"
      "  CANVASS_KEY       the API key, instead of the context's\n"
      "  CANVASS_KEY_FILE  the file that holds it\n"
      "  NO_COLOR          no colours\n\n",
      ExitCodeHelp());
}

Format FormatOf(const std::string& name) {
  if (name == "json") return Format::kJson;
  if (name == "yaml") return Format::kYaml;
  return name == "name" ? Format::kName : Format::kTable;
}

// What is told of a command line that cannot be understood: which word, what was probably meant, where to read on.
std::string MisuseText(const CLI::App& root, const CLI::ParseError& error) {
  const CLI::App* app = &root;
  std::string path = "canvass";
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().front();
    absl::StrAppend(&path, " ", app->get_name());
  }
  std::string text = absl::StrCat("error: ", error.what(), "\n");
  const std::vector<std::string> rest = root.remaining(true);
  const bool lacks_command = !app->get_subcommands({}).empty();
  std::vector<std::string> known;
  for (const CLI::App* command : app->get_subcommands({})) known.push_back(command->get_name());
  if (!rest.empty() && absl::StartsWith(rest.front(), "-")) {
    known.clear();
    for (const CLI::App* level : {app, &root}) {
      for (const CLI::Option* option : level->get_options()) {
        for (const std::string& name : option->get_lnames()) known.push_back(absl::StrCat("--", name));
      }
    }
    text = absl::StrCat("error: ", path, " has no option ", rest.front(), Suggestion(rest.front(), known), "\n");
  } else if (!rest.empty() && lacks_command) {
    text = absl::StrCat("error: ", path, " has no command '", rest.front(), "'", Suggestion(rest.front(), known), "\n");
  } else if (!rest.empty()) {
    text = absl::StrCat("error: '", rest.front(), "' is one argument too many for ", path, "\n");
  } else if (lacks_command) {
    text = absl::StrCat("error: ", path, " needs a command", Suggestion("", known), "\n");
  }
  return absl::StrCat(text, "see: ", path, " --help\n");
}

class CommandLine {
 public:
  explicit CommandLine(const std::function<absl::Time()>& now)
      : app_(kDescription, "canvass"), commands_(app_), now_(now) {
    app_.require_subcommand(1);
    app_.get_formatter()->column_width(34);
    app_.get_formatter()->label("SUBCOMMAND", "COMMAND");
    AddGlobalOptions();
    AddSurveyCommands(commands_);
    AddTriggerCommands(commands_);
    AddEventCommands(commands_);
    AddSourceCommands(commands_);
    AddContactCommands(commands_);
    AddSegmentCommands(commands_);
    AddSuppressionCommands(commands_);
    AddDecisionCommands(commands_);
    AddInvitationCommands(commands_);
    AddResponseCommands(commands_);
    AddMetricCommands(commands_);
    AddLinkCommands(commands_);
    AddOutboxCommands(commands_);
    AddOperationCommands(commands_);
    AddSettingsCommands(commands_);
    AddTenantCommands(commands_);
    AddKeyCommands(commands_);
    AddContextCommands(commands_);
    AddOwnCommands();
    // Last, or every command would end with it, too.
    app_.footer(Footer());
  }

  CLI::App& app() { return app_; }

  int Run(const Environment& environment, const Terminal& terminal, std::ostream& out, std::ostream& err) {
    Printer printer(FormatOf(output_), terminal, out, err);
    Session session({.connection = connection_, .yes = yes_, .environment = environment}, printer, now_);
    const absl::Status status = commands_.chosen()(session);
    if (!status.ok()) printer.Tell(session.RenderError(status));
    return static_cast<int>(ExitCodeOf(status));
  }

 private:
  void AddGlobalOptions() {
    app_.add_option("--context", connection_.context, "The context to use (canvass context list)");
    app_.add_option("--address", connection_.address, "The server: host:port, unix:/path, http(s)://host:port");
    app_.add_option("--tenant", connection_.tenant, "The tenant that short names mean");
    app_.add_option("--key-file", connection_.key_file, "The file that holds the API key")->type_name("FILE");
    app_.add_option("--timeout", connection_.timeout, "How long a call may take, for example 60s");
    app_.add_option("-o,--output", output_, "How results are printed")
        ->default_val("table")
        ->check(CLI::IsMember({"table", "json", "yaml", "name"}));
    app_.add_flag("-y,--yes", yes_, "Do not ask before what cannot be undone");
  }

  void AddOwnCommands() {
    auto shell = std::make_shared<std::string>();
    CLI::App& completion = commands_.AddVerb(
        app_, "completion", "Print the completion script of a shell", [this, shell](Session& session) {
          const Shell kind = *shell == "bash" ? Shell::kBash : *shell == "zsh" ? Shell::kZsh : Shell::kFish;
          session.out().PrintText(CompletionScript(app_, kind));
          return absl::OkStatus();
        });
    completion.add_option("shell", *shell, "The shell")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completion.footer("  source <(canvass completion bash)");
    commands_.AddVerb(app_, "version", "Print the version", [](Session& session) {
      session.out().PrintText(absl::StrCat("canvass ", client::Version(), " (canvass.v1)\n"));
      return absl::OkStatus();
    });
  }

  CLI::App app_;
  CommandSet commands_;
  std::function<absl::Time()> now_;
  ConnectionFlags connection_;
  std::string output_ = "table";
  bool yes_ = false;
};

}  // namespace

int RunCommandLine(const std::vector<std::string>& arguments, const Environment& environment, const Terminal& terminal,
                   std::ostream& out, std::ostream& err, const std::function<absl::Time()>& now) {
  CommandLine line(now);
  if (arguments.empty()) {
    out << line.app().help();
    return static_cast<int>(ExitCode::kOk);
  }
  // CLI11 takes the last one first.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    line.app().parse(reversed);
  } catch (const CLI::CallForHelp& help) {
    return line.app().exit(help, out, err);
  } catch (const CLI::ParseError& error) {
    err << MisuseText(line.app(), error);
    return static_cast<int>(ExitCode::kUsage);
  }
  return line.Run(environment, terminal, out, err);
}

}  // namespace canvass::cli
