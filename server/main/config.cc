#include "server/main/config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "server/main/settings.h"

namespace canvass {
namespace {

// A value and where it was set, for the error.
struct Given {
  std::string value;
  std::string where;
};
using GivenByName = std::map<std::string, Given>;

const Setting* FindSetting(absl::string_view name) {
  const auto settings = Settings();
  const auto found = std::find_if(settings.begin(), settings.end(), [&](const Setting& s) { return s.name == name; });
  return found == settings.end() ? nullptr : &*found;
}

struct CommandLine {
  Verb verb = Verb::kServe;
  std::string config_file;
  GivenByName given;
};

void ReadFlag(absl::Span<const std::string> arguments, std::size_t& at, CommandLine& line,
              std::vector<std::string>& faults) {
  absl::string_view text = arguments[at];
  absl::ConsumePrefix(&text, "--");
  const std::size_t equals = text.find('=');
  const std::string name(text.substr(0, equals));
  const Setting* setting = FindSetting(name);
  if (setting == nullptr && name != "config") {
    faults.push_back(absl::StrCat("--", name, " is not a flag; canvassd --help lists them"));
    return;
  }
  std::string value;
  const bool is_switch = setting != nullptr && setting->value.empty();
  if (equals != absl::string_view::npos) {
    value = std::string(text.substr(equals + 1));
  } else if (!is_switch) {
    if (at + 1 == arguments.size()) {
      faults.push_back(absl::StrCat("--", name, " needs a value"));
      return;
    }
    value = arguments[++at];
  }
  if (name == "config") {
    line.config_file = value;
  } else {
    line.given[name] = {value, absl::StrCat("--", name)};
  }
}

CommandLine ReadCommandLine(absl::Span<const std::string> arguments, std::vector<std::string>& faults) {
  const std::map<absl::string_view, Verb> verbs = {
      {"serve", Verb::kServe}, {"migrate", Verb::kMigrate},   {"help", Verb::kHelp},      {"--help", Verb::kHelp},
      {"-h", Verb::kHelp},     {"--version", Verb::kVersion}, {"version", Verb::kVersion}};
  CommandLine line;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const auto verb = verbs.find(arguments[at]);
    if (verb != verbs.end()) {
      line.verb = verb->second;
    } else if (absl::StartsWith(arguments[at], "--")) {
      ReadFlag(arguments, at, line, faults);
    } else {
      faults.push_back(absl::StrCat("'", arguments[at], "' is not a verb; there are serve (the default) and migrate"));
    }
  }
  return line;
}

void ReadFile(const std::string& path, GivenByName& given, std::vector<std::string>& faults) {
  try {
    const YAML::Node file = YAML::LoadFile(path);
    if (!file.IsMap()) faults.push_back(absl::StrCat(path, ": is not a map of settings"));
    for (const auto& entry : file) {
      const auto name = entry.first.as<std::string>();
      const std::string where = absl::StrCat(path, ":", entry.first.Mark().line + 1, ": ", name);
      if (FindSetting(name) == nullptr) {
        faults.push_back(absl::StrCat(where, " is not a setting; canvassd --help lists them"));
      } else if (!entry.second.IsScalar()) {
        faults.push_back(absl::StrCat(where, " must be a single value"));
      } else {
        given[name] = {entry.second.as<std::string>(), where};
      }
    }
  } catch (const YAML::Exception& error) {
    faults.push_back(absl::StrCat(path, ": ", error.what()));
  }
}

// What no single setting can see.
void CheckTogether(const Config& config, std::vector<std::string>& faults) {
  if (config.verb != Verb::kServe) return;
  const bool loopback = absl::StartsWith(config.grpc.listen, "127.") || absl::StartsWith(config.grpc.listen, "[::1]") ||
                        absl::StartsWith(config.grpc.listen, "localhost:");
  if (config.grpc.tls_cert_file.empty() != config.grpc.tls_key_file.empty()) {
    faults.push_back("--tls-cert-file and --tls-key-file go together");
  }
  if (!loopback && config.grpc.tls_cert_file.empty() && !config.grpc.allow_plaintext) {
    faults.push_back(absl::StrCat("--listen ", config.grpc.listen,
                                  " is beyond loopback: give --tls-cert-file and "
                                  "--tls-key-file, or --allow-plaintext behind a proxy that encrypts"));
  }
  const std::string& public_url = config.sending.public_url;
  if (!public_url.empty() && !absl::StartsWith(public_url, "https://") && !absl::StartsWith(public_url, "http://")) {
    faults.push_back(absl::StrCat("--public-url ", public_url, " does not start with https:// or http://"));
  }
  if (config.sending.smtp_user.empty() != config.sending.smtp_password_file.empty()) {
    faults.push_back("--smtp-user and --smtp-password-file go together");
  }
  if (!config.database.url.empty() &&
      (config.secrets.secret_file.empty() || config.secrets.operator_key_file.empty())) {
    faults.push_back("--database needs --secret-file and --operator-key-file, the same on every server");
  }
}

}  // namespace

absl::StatusOr<Config> ReadConfig(absl::Span<const std::string> arguments, const Environment& environment) {
  std::vector<std::string> faults;
  const CommandLine line = ReadCommandLine(arguments, faults);
  Config config;
  config.verb = line.verb;
  if (config.verb == Verb::kHelp || config.verb == Verb::kVersion) return config;

  GivenByName given;
  const std::string file = line.config_file.empty() ? environment("CANVASS_CONFIG").value_or("") : line.config_file;
  if (!file.empty()) ReadFile(file, given, faults);
  for (const Setting& setting : Settings()) {
    const std::string name = EnvironmentName(setting.name);
    if (auto value = environment(name)) given[std::string(setting.name)] = {*value, name};
  }
  for (const auto& [name, flag] : line.given) given[name] = flag;

  for (const auto& [name, value] : given) {
    const absl::Status status = FindSetting(name)->set(config, value.value);
    if (!status.ok()) faults.push_back(absl::StrCat(value.where, ": ", status.message()));
  }
  CheckTogether(config, faults);
  if (!faults.empty()) return absl::InvalidArgumentError(absl::StrJoin(faults, "\n"));
  return config;
}

std::string ConfigHelp() {
  std::string help =
      "canvassd: the Canvass server.\n\n"
      "  canvassd [serve] [flags]    serve until SIGTERM or SIGINT, then finish what is in flight\n"
      "  canvassd migrate [flags]    bring the schema of --database up to date\n"
      "  canvassd --help, --version\n\n"
      "Every flag can also be set by its environment variable (--http-listen: CANVASS_HTTP_LISTEN) or in the YAML "
      "file\n"
      "named by --config or CANVASS_CONFIG (http-listen: 127.0.0.1:7480). Flags win over variables, variables over the "
      "file.\n\n";
  const Config defaults;
  for (const Setting& setting : Settings()) {
    const std::string flag = absl::StrCat("--", setting.name, setting.value.empty() ? "" : "=", setting.value);
    const std::string shown = setting.show(defaults);
    absl::StrAppendFormat(&help, "  %-34s %s%s\n", flag, setting.help,
                          shown.empty() || setting.value.empty() ? "" : absl::StrCat(" (", shown, ")"));
  }
  return help;
}

}  // namespace canvass
