// Questions of a definition as elements of SurveyJS, without their logic.
//
// Not thread-safe. What it is made of must outlive it.
#ifndef CANVASS_CLIENT_SURVEYJS_WRITING_QUESTION_WRITER_H_
#define CANVASS_CLIENT_SURVEYJS_WRITING_QUESTION_WRITER_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <nlohmann/json.hpp>
#include <string>

#include "canvass/v1/question.pb.h"
#include "client/surveyjs/report.h"
#include "client/surveyjs/writing/text_writer.h"

namespace canvass::surveyjs {

class QuestionWriter {
 public:
  using Json = nlohmann::ordered_json;

  QuestionWriter(const TextWriter& texts, Report& report) : texts_(texts), report_(report) {}

  // The element; `path` is the question's in the definition.
  Json Write(const v1::Question& question, const std::string& path) const;

 private:
  using Options = google::protobuf::RepeatedPtrField<v1::ChoiceOption>;

  void WriteKind(const v1::Question& question, const std::string& path, Json& element) const;
  void WriteScale(const v1::Question& question, const std::string& path, Json& element) const;
  void WriteText(const v1::TextQuestion& question, const std::string& path, Json& element) const;
  void WriteMultiple(const v1::MultipleChoiceQuestion& question, const std::string& path, Json& element) const;
  void WriteMatrix(const v1::Question& question, const std::string& path, Json& element) const;
  void WriteRanking(const v1::RankingQuestion& question, const std::string& path, Json& element) const;
  void WriteNumber(const v1::NumberQuestion& question, const std::string& path, Json& element) const;
  void WriteConsent(const v1::Question& question, const std::string& path, Json& element) const;
  void WriteChoices(const Options& options, v1::OptionOrder order, const std::string& path, Json& element) const;
  Json OptionsOf(const Options& options, int count, v1::OptionOrder order, const std::string& path) const;
  void TellTags(const v1::Question& question, const std::string& path) const;

  const TextWriter& texts_;
  Report& report_;
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_WRITING_QUESTION_WRITER_H_
