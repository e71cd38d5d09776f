// Texts of a definition as SurveyJS has them: a string, or an object by language; pipes as names in braces.
//
// Not thread-safe. What it is made of must outlive it.
#ifndef CANVASS_CLIENT_SURVEYJS_WRITING_TEXT_WRITER_H_
#define CANVASS_CLIENT_SURVEYJS_WRITING_TEXT_WRITER_H_

#include <google/protobuf/map.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

class TextWriter {
 public:
  using Json = nlohmann::ordered_json;
  using Texts = google::protobuf::Map<std::string, std::string>;

  TextWriter(const v1::SurveyDefinition& definition, Report& report);

  // What the document says of its language; empty for English.
  std::string Locale() const;
  // Sets `object[name]`, unless there is no text.
  void Write(const Texts& text, absl::string_view path, absl::string_view name, Json& object) const;
  // The same as HTML: a heading and a paragraph, or a paragraph alone.
  void WriteHtml(const Texts& heading, const Texts& text, absl::string_view path, absl::string_view name,
                 Json& object) const;

  // The name in SurveyJS of `answer.city`, `value.total`, `contact.country`.
  std::string NameOf(absl::string_view field) const;

 private:
  void Put(const std::string& language, std::string text, Json& texts) const;
  std::string WithNames(absl::string_view text, absl::string_view path) const;

  const v1::SurveyDefinition& definition_;
  Report& report_;
  bool english_beside_default_ = false;
  absl::flat_hash_map<std::string, std::string> value_names_;
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_WRITING_TEXT_WRITER_H_
