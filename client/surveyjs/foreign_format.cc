#include "client/surveyjs/foreign_format.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/surveyjs/reading/properties.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;

// Where the root of an XML document is looked for.
constexpr std::size_t kHeadBytes = 4096;
constexpr absl::string_view kInstead =
    "Build the survey in SurveyJS and import its JSON, or write a definition as YAML";

absl::Status Refuse(absl::string_view seems, absl::string_view instead) {
  return absl::InvalidArgumentError(
      absl::StrCat("this is not a SurveyJS document; it seems to be ", seems, ". ", instead));
}

absl::Status RefuseXml(absl::string_view head) {
  if (absl::StrContains(head, "<LimeSurveyDocType>Group")) {
    return Refuse("a question group of LimeSurvey (.lsg)", kInstead);
  }
  if (absl::StrContains(head, "LimeSurveyDocType")) return Refuse("a survey of LimeSurvey (.lss)", kInstead);
  if (absl::StrContains(head, "imsqti") || absl::StrContains(head, "<assessmentItem") ||
      absl::StrContains(head, "<assessmentTest") || absl::StrContains(head, "<questestinterop")) {
    return Refuse("a QTI item (1EdTech Question and Test Interoperability)", kInstead);
  }
  if (absl::StrContains(head, "<sss")) return Refuse("a Triple-S definition (.sss)", kInstead);
  if (absl::StrContains(absl::AsciiStrToLower(head), "<html")) {
    return Refuse("a web page", "Export the survey's JSON from its designer");
  }
  return Refuse("XML", kInstead);
}

bool HasAll(const json& document, std::initializer_list<absl::string_view> names) {
  return absl::c_all_of(names, [&](absl::string_view name) { return FindProperty(document, name) != nullptr; });
}

}  // namespace

absl::Status RefuseForeignText(absl::string_view document) {
  if (absl::StartsWith(document, "\x1F\x8B")) {
    return Refuse("compressed (gzip)", "Unpack it first: gunzip");
  }
  if (absl::StartsWith(document, "PK\x03\x04")) {
    return Refuse("an archive (zip, as LimeSurvey's .lsa or an Office document)", "Unpack it first");
  }
  if (absl::StartsWith(document, "%PDF")) return Refuse("a PDF", "Export the survey's JSON from its designer");
  absl::ConsumePrefix(&document, "\xEF\xBB\xBF");
  const absl::string_view head = absl::StripLeadingAsciiWhitespace(document.substr(0, kHeadBytes));
  if (absl::StartsWith(head, "<")) return RefuseXml(head);
  if (absl::StrContains(head.substr(0, 200), "default_language:")) {
    return Refuse("a definition of Canvass as YAML", "Create the survey from it directly, without an import");
  }
  return absl::OkStatus();
}

absl::Status RefuseForeignJson(const json& document) {
  if (!document.is_object()) {
    return Refuse(document.is_array() ? "a list, perhaps of answers" : "a single value",
                  "A SurveyJS document is an object with pages or elements");
  }
  if (HasAll(document, {"SurveyEntry", "SurveyElements"})) return Refuse("a Qualtrics survey (.qsf)", kInstead);
  if (FindProperty(document, "pages") != nullptr || FindProperty(document, "elements") != nullptr ||
      (FindProperty(document, "questions") != nullptr && FindProperty(document, "default_language") == nullptr &&
       FindProperty(document, "defaultLanguage") == nullptr)) {
    return absl::OkStatus();
  }
  if (HasAll(document, {"$schema", "properties"})) {
    return Refuse("a JSON schema", "Import a document that is written by it, with pages or elements");
  }
  if (FindProperty(document, "questions") != nullptr || FindProperty(document, "definition") != nullptr) {
    return Refuse("a survey of Canvass", "Create the survey from it directly, without an import");
  }
  if (HasAll(document, {"info", "items", "formId"})) return Refuse("a form of Google Forms", kInstead);
  if (HasAll(document, {"fields", "thankyou_screens"})) return Refuse("a form of Typeform", kInstead);
  if (FindProperty(document, "components") != nullptr) return Refuse("a form of Form.io", kInstead);
  if (document.empty()) return Refuse("an empty object", "A SurveyJS document has pages or elements");
  return Refuse("the answers of a SurveyJS survey, or a theme",
                "Import the survey's own JSON, which has pages or elements");
}

}  // namespace canvass::surveyjs
