// Texts of a SurveyJS document, in all their languages.
//
//   TextMap text = texts.Read(properties.Take("title"), "pages[0].elements[2].title");
//
// HTML becomes text, with a note where that loses something; texts that are too long are cut, with a note. Pipes
// (`{city}`) are left as they are; see finish_texts.h.
//
// Not thread-safe. The report must outlive it.
#ifndef CANVASS_CLIENT_SURVEYJS_READING_TEXT_READER_H_
#define CANVASS_CLIENT_SURVEYJS_READING_TEXT_READER_H_

#include <google/protobuf/map.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "client/surveyjs/reading/languages.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

// Texts by language.
using TextMap = google::protobuf::Map<std::string, std::string>;

// A headline and what stands below it.
struct HeadedText {
  TextMap heading;
  TextMap text;
};

class TextReader {
 public:
  TextReader(DocumentLanguages languages, Report& report) : languages_(std::move(languages)), report_(report) {}

  const std::string& default_language() const { return languages_.default_language; }

  // The text; empty if `value` is nullptr or blank. A text that lacks the default language gets it from another.
  TextMap Read(const nlohmann::json* value, absl::string_view path) const;
  // The same of a property that holds HTML.
  HeadedText ReadHtml(const nlohmann::json* value, absl::string_view path) const;
  // `text` in the default language alone.
  TextMap Plain(absl::string_view text) const;
  // A text of SurveyJS's own, such as the choice `Other`, in each of `languages` and the default one.
  TextMap Standard(absl::string_view english, const std::set<std::string>& languages) const;

 private:
  // By language, as it stands in the document.
  std::map<std::string, std::string> ByLanguage(const nlohmann::json& value, absl::string_view path) const;
  void Put(const std::string& language, absl::string_view text, absl::string_view path, TextMap& map) const;
  void FillDefault(absl::string_view path, TextMap& map) const;

  DocumentLanguages languages_;
  Report& report_;
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_READING_TEXT_READER_H_
