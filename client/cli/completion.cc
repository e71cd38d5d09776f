#include "client/cli/completion.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace canvass::cli {
namespace {

// An option as shells need to know it.
struct Choice {
  // "-o", "--output".
  std::vector<std::string> names;
  std::string description;
  bool takes_value = false;
  bool takes_file = false;
  // The values it can have; empty if they are not fixed.
  std::vector<std::string> values;
};

struct Word {
  std::string name;
  std::string description;
};

// What can follow one chain of commands.
struct Level {
  // "survey apply"; empty for the root.
  std::string path;
  std::vector<Word> commands;
  std::vector<Choice> options;
};

// CLI::IsMember describes itself in the type's name: "TEXT:{table,json}".
std::vector<std::string> FixedValues(const std::string& type) {
  const std::size_t open = type.find('{');
  const std::size_t close = type.rfind('}');
  if (open == std::string::npos || close == std::string::npos || close <= open) return {};
  return absl::StrSplit(type.substr(open + 1, close - open - 1), ',');
}

Choice ChoiceOf(const CLI::Option& option) {
  Choice choice = {.description = option.get_description(), .takes_value = option.get_expected_min() > 0};
  for (const std::string& name : option.get_snames()) choice.names.push_back(absl::StrCat("-", name));
  for (const std::string& name : option.get_lnames()) choice.names.push_back(absl::StrCat("--", name));
  choice.takes_file = option.get_type_name() == "FILE";
  choice.values = FixedValues(option.get_type_name());
  return choice;
}

std::vector<Choice> OptionsOf(const CLI::App& app) {
  std::vector<Choice> options;
  for (const CLI::Option* option : app.get_options()) {
    if (option->nonpositional()) options.push_back(ChoiceOf(*option));
  }
  return options;
}

void Collect(const CLI::App& app, const std::string& path, const std::vector<Choice>& inherited,
             std::vector<Level>& levels) {
  Level level = {.path = path, .options = OptionsOf(app)};
  // --help is everywhere by itself.
  for (const Choice& choice : inherited) {
    if (choice.names.back() != "--help") level.options.push_back(choice);
  }
  for (const CLI::App* command : app.get_subcommands({})) {
    level.commands.push_back({command->get_name(), command->get_description()});
  }
  // A command's fixed words complete like commands: `completion bash`.
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    for (const std::string& value : FixedValues(option->get_type_name())) level.commands.push_back({value, ""});
  }
  levels.push_back(level);
  for (const CLI::App* command : app.get_subcommands({})) {
    Collect(*command, absl::StrCat(path, path.empty() ? "" : " ", command->get_name()), inherited, levels);
  }
}

std::string Words(const Level& level) {
  std::vector<std::string> words;
  for (const Word& command : level.commands) words.push_back(command.name);
  for (const Choice& option : level.options) words.insert(words.end(), option.names.begin(), option.names.end());
  return absl::StrJoin(words, " ");
}

// In single quotes for any shell.
std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

// `survey apply:-f|survey apply:--file` for a case statement over "path:option".
std::string OptionPattern(const Level& level, const Choice& option) {
  return absl::StrJoin(option.names, "|", [&](std::string* out, const std::string& name) {
    absl::StrAppend(out, "'", level.path, ":", name, "'");
  });
}

// What bash and zsh share: the chain of commands typed so far, in `path`. `words` and `last` are the shell's.
std::string PathLoop(const std::vector<Level>& levels, absl::string_view words, absl::string_view last) {
  std::vector<std::string> known;
  for (const Level& level : levels) {
    if (!level.path.empty()) known.push_back(absl::StrCat("'", level.path, "'"));
  }
  return absl::StrCat("  local path='' word\n  for word in ", words,
                      "; do\n    case \"${path:+$path }$word\" in\n      ", absl::StrJoin(known, "|"),
                      ") path=\"${path:+$path }$word\" ;;\n    esac\n  done\n", last);
}

std::string BashScript(const std::vector<Level>& levels) {
  std::string script = absl::StrCat(
      "# bash completion of canvass: source <(canvass completion bash)\n_canvass() {\n"
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\" words=''\n",
      PathLoop(levels, "\"${COMP_WORDS[@]:1:COMP_CWORD-1}\"", ""), "  case \"$path:$previous\" in\n");
  for (const Level& level : levels) {
    for (const Choice& option : level.options) {
      if (!option.takes_value) continue;
      absl::StrAppend(&script, "    ", OptionPattern(level, option), ") ");
      if (option.takes_file) {
        absl::StrAppend(&script, "COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n");
      } else {
        absl::StrAppend(&script, "COMPREPLY=($(compgen -W ", Quoted(absl::StrJoin(option.values, " ")),
                        " -- \"$current\")); return ;;\n");
      }
    }
  }
  absl::StrAppend(&script, "  esac\n  case \"$path\" in\n");
  for (const Level& level : levels) {
    absl::StrAppend(&script, "    '", level.path, "') words=", Quoted(Words(level)), " ;;\n");
  }
  absl::StrAppend(&script, "  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n}\n",
                  "complete -F _canvass canvass\n");
  return script;
}

// "name:description" for zsh's _describe.
std::string Described(absl::string_view name, absl::string_view description) {
  const std::string escaped = absl::StrReplaceAll(name, {{":", "\\:"}});
  return Quoted(description.empty() ? escaped : absl::StrCat(escaped, ":", description));
}

std::string ZshScript(const std::vector<Level>& levels) {
  std::string script = absl::StrCat(
      "#compdef canvass\n# zsh completion of canvass: canvass completion zsh > \"${fpath[1]}/_canvass\"\n_canvass() "
      "{\n",
      PathLoop(levels, "\"${(@)words[2,CURRENT-1]}\"", "  local -a choices\n"),
      "  case \"$path:${words[CURRENT-1]}\" in\n");
  for (const Level& level : levels) {
    for (const Choice& option : level.options) {
      if (!option.takes_value) continue;
      absl::StrAppend(&script, "    ", OptionPattern(level, option), ") ",
                      option.takes_file ? "_files" : absl::StrCat("compadd -- ", absl::StrJoin(option.values, " ")),
                      "; return ;;\n");
    }
  }
  absl::StrAppend(&script, "  esac\n  case \"$path\" in\n");
  for (const Level& level : levels) {
    absl::StrAppend(&script, "    '", level.path, "') choices=(");
    for (const Word& command : level.commands) {
      absl::StrAppend(&script, " ", Described(command.name, command.description));
    }
    for (const Choice& option : level.options) {
      for (const std::string& name : option.names) absl::StrAppend(&script, " ", Described(name, option.description));
    }
    absl::StrAppend(&script, ") ;;\n");
  }
  absl::StrAppend(&script, "  esac\n  _describe canvass choices\n}\n",
                  "if [[ $funcstack[1] == _canvass ]]; then _canvass \"$@\"; else compdef _canvass canvass; fi\n");
  return script;
}

std::string FishScript(const std::vector<Level>& levels) {
  std::vector<std::string> known;
  for (const Level& level : levels) {
    if (!level.path.empty()) known.push_back(absl::StrCat("'", level.path, "'"));
  }
  std::string script = absl::StrCat(
      "# fish completion of canvass: canvass completion fish > ~/.config/fish/completions/canvass.fish\n"
      "function __canvass_at\n  set -l path ''\n  for word in (commandline -opc)[2..-1]\n"
      "    set -l longer (string trim -- \"$path $word\")\n    if contains -- $longer ",
      absl::StrJoin(known, " "), "\n      set path $longer\n    end\n  end\n  test \"$path\" = \"$argv[1]\"\nend\n",
      "complete -c canvass -f\n");
  for (const Level& level : levels) {
    const std::string at = absl::StrCat("complete -c canvass -n \"__canvass_at '", level.path, "'\"");
    for (const Word& command : level.commands) {
      absl::StrAppend(&script, at, " -a ", command.name, " -d ", Quoted(command.description), "\n");
    }
    for (const Choice& option : level.options) {
      absl::StrAppend(&script, at);
      for (const std::string& name : option.names) {
        const bool is_long = name.substr(0, 2) == "--";
        absl::StrAppend(&script, is_long ? " -l " : " -s ", name.substr(is_long ? 2 : 1));
      }
      if (option.takes_value) absl::StrAppend(&script, option.takes_file ? " -r -F" : " -x");
      if (!option.values.empty()) absl::StrAppend(&script, " -a ", Quoted(absl::StrJoin(option.values, " ")));
      absl::StrAppend(&script, " -d ", Quoted(option.description), "\n");
    }
  }
  return script;
}

}  // namespace

std::string CompletionScript(const CLI::App& app, Shell shell) {
  std::vector<Level> levels;
  const std::vector<Choice> global = OptionsOf(app);
  Collect(app, "", global, levels);
  // The root has its own options already.
  levels.front().options = global;
  switch (shell) {
    case Shell::kBash:
      return BashScript(levels);
    case Shell::kZsh:
      return ZshScript(levels);
    case Shell::kFish:
      return FishScript(levels);
  }
  return "";
}

}  // namespace canvass::cli
