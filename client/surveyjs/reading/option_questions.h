// The questions of SurveyJS that are answered by picking: rating, radiogroup, dropdown, checkbox, tagbox, imagepicker,
// ranking, matrix and boolean.
//
// Not thread-safe. What it is made of must outlive it.
#ifndef CANVASS_CLIENT_SURVEYJS_READING_OPTION_QUESTIONS_H_
#define CANVASS_CLIENT_SURVEYJS_READING_OPTION_QUESTIONS_H_

#include <set>
#include <string>

#include "client/surveyjs/reading/choices_reader.h"
#include "client/surveyjs/reading/properties.h"
#include "client/surveyjs/reading/read_question.h"
#include "client/surveyjs/reading/text_reader.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

// Each sets the kind of `question`.
class OptionQuestions {
 public:
  OptionQuestions(const ChoicesReader& choices, const TextReader& texts, const std::set<std::string>& languages,
                  Report& report)
      : choices_(choices), texts_(texts), languages_(languages), report_(report) {}

  // 0 to 10 is the question of the Net Promoter Score; 1 to n a rating; any other scale a single choice.
  void ReadRating(Properties& properties, ReadQuestion& question) const;
  // Fewer than two choices make it a free text.
  void ReadSingle(Properties& properties, ReadQuestion& question) const;
  void ReadMultiple(Properties& properties, ReadQuestion& question) const;
  void ReadRanking(Properties& properties, ReadQuestion& question) const;
  // Without rows it is a single choice among its columns.
  void ReadMatrix(Properties& properties, ReadQuestion& question) const;
  // A box to tick is a consent; anything else a choice of yes or no.
  void ReadBoolean(Properties& properties, ReadQuestion& question) const;

 private:
  void SetSingle(Choices choices, ReadQuestion& question) const;
  void SetFreeText(const Properties& properties, std::size_t choices, ReadQuestion& question) const;
  Choices RateValues(Properties& properties) const;
  void ReadConsent(Properties& properties, ReadQuestion& question) const;

  const ChoicesReader& choices_;
  const TextReader& texts_;
  const std::set<std::string>& languages_;
  Report& report_;
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_READING_OPTION_QUESTIONS_H_
