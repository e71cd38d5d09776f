#include "client/cli/survey/verbs.h"

#include "absl/strings/str_cat.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/names.h"

namespace canvass::cli {

void AddSurveyCommands(CommandSet& commands) {
  CLI::App& noun = commands.AddNoun("survey", "Questionnaires and their versions");
  // In the order in which a survey lives.
  AddInit(commands, noun);
  AddLint(commands, noun);
  AddApply(commands, noun);
  AddPreview(commands, noun);
  AddTranslations(commands, noun);
  AddExchange(commands, noun);
  AddDiff(commands, noun);
  AddLifecycle(commands, noun);
  AddStored(commands, noun);
}

Columns<v1::Survey> SurveyColumns() {
  return {
      {{"SURVEY"}, [](const v1::Survey& s) { return ShortName(s.name()); }},
      {{.title = "NAME", .fit = Fit::kCut}, [](const v1::Survey& s) { return s.display_name(); }},
      {{"STATE"}, [](const v1::Survey& s) { return EnumText(*v1::Survey::State_descriptor(), s.state()); }},
      {{"VERSION", Align::kRight},
       [](const v1::Survey& s) {
         return s.published_version() == 0 ? std::string() : absl::StrCat(s.published_version());
       }},
      {{"QUESTIONS", Align::kRight}, [](const v1::Survey& s) { return absl::StrCat(s.definition().questions_size()); }},
      {{"TAKES"}, [](const v1::Survey& s) { return SpanText(s.expected_duration()); }},
      {{"UPDATED"}, [](const v1::Survey& s) { return TimeText(s.update_time()); }},
  };
}

CLI::Option* AddOut(CLI::App& verb, std::string& file) {
  // Elsewhere -o is the format, and a file called "yaml" is nobody's wish.
  const auto is_no_format = [](const std::string& text) {
    const bool format = text == "table" || text == "json" || text == "yaml" || text == "name";
    return format ? absl::StrCat("here -o is a file to write, for example ./survey.", text) : std::string();
  };
  return verb.add_option("-o,--out", file, "Write to this file instead of standard output")
      ->type_name("FILE")
      ->check(CLI::Validator(is_no_format, ""));
}

}  // namespace canvass::cli
