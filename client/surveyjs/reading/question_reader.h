// The elements of a SurveyJS document as questions.
//
//   for (ReadQuestion& question : reader.Read(element)) …
//
// Not thread-safe. What it is made of must outlive it.
#ifndef CANVASS_CLIENT_SURVEYJS_READING_QUESTION_READER_H_
#define CANVASS_CLIENT_SURVEYJS_READING_QUESTION_READER_H_

#include <set>
#include <string>
#include <vector>

#include "client/surveyjs/reading/choices_reader.h"
#include "client/surveyjs/reading/option_questions.h"
#include "client/surveyjs/reading/outline.h"
#include "client/surveyjs/reading/read_question.h"
#include "client/surveyjs/reading/text_reader.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

class QuestionReader {
 public:
  QuestionReader(const nlohmann::json& document, const TextReader& texts, const std::set<std::string>& languages,
                 Report& report)
      : texts_(texts),
        report_(report),
        choices_(document, texts, languages, report),
        options_(choices_, texts, languages, report) {}

  // One question for most elements, several for one with several fields, none for what cannot be carried over; that is
  // noted.
  std::vector<ReadQuestion> Read(const Element& element) const;

 private:
  ReadQuestion Start(const Element& element, Properties& properties) const;
  bool ReadKind(const std::string& type, Properties& properties, ReadQuestion& question) const;
  std::vector<ReadQuestion> ReadFields(const Element& element, Properties& properties) const;
  std::vector<ReadQuestion> ReadStatement(const Element& element, Properties& properties) const;

  const TextReader& texts_;
  Report& report_;
  ChoicesReader choices_;
  OptionQuestions options_;
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_READING_QUESTION_READER_H_
