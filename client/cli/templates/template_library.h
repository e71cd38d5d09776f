// The surveys to start from: templates/*.yaml, carried in the binary. Each is a whole survey in several languages, with
// comments; a form of it in fewer languages and under another id is made line by line, so that the comments stay.
//
//   const SurveyTemplate* nps = FindTemplate("nps");
//   absl::StatusOr<std::string> yaml = FillTemplate(*nps, {.id = "nps-2026", .languages = {"cs", "sk"}});
//
// What that asks of a template file: a first comment line that says what it is for, `id`, `default_language` and
// `languages` each on a line of their own, and every text as a map with a line for each language.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_TEMPLATES_TEMPLATE_LIBRARY_H_
#define CANVASS_CLIENT_CLI_TEMPLATES_TEMPLATE_LIBRARY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace canvass::cli {

struct SurveyTemplate {
  // The file's without its ending: "csat-support".
  absl::string_view name;
  absl::string_view yaml;
};

// By name; generated from the files by the build.
absl::Span<const SurveyTemplate> SurveyTemplates();

// nullptr if there is none.
const SurveyTemplate* FindTemplate(absl::string_view name);

// What it is for, in a line.
std::string AboutTemplate(const SurveyTemplate& one);

// The default one first.
std::vector<std::string> TemplateLanguages(const SurveyTemplate& one);

struct TemplateOptions {
  // Empty: the template's own.
  std::string id;
  // The default one first. Empty: all of the template's.
  std::vector<std::string> languages;
};

// InvalidArgument if the template lacks a language.
absl::StatusOr<std::string> FillTemplate(const SurveyTemplate& one, const TemplateOptions& options);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_TEMPLATES_TEMPLATE_LIBRARY_H_
