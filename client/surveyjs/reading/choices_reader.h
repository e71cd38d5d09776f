// The options of a SurveyJS question: choices, the special ones (other, none, …), rows and columns.
//
// Not thread-safe. What it is made of must outlive it.
#ifndef CANVASS_CLIENT_SURVEYJS_READING_CHOICES_READER_H_
#define CANVASS_CLIENT_SURVEYJS_READING_CHOICES_READER_H_

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "canvass/v1/question.pb.h"
#include "client/surveyjs/expression/condition_of.h"
#include "client/surveyjs/reading/properties.h"
#include "client/surveyjs/reading/text_reader.h"
#include "client/surveyjs/report.h"

namespace canvass::surveyjs {

// Options, with the values that they have in SurveyJS beside them.
struct Choices {
  std::vector<v1::ChoiceOption> options;
  std::vector<Reference::Option> values;
  v1::OptionOrder order = v1::OPTION_ORDER_UNSPECIFIED;
};

class ChoicesReader {
 public:
  // `document` is looked through for questions that lend their choices to others; `languages` are those that the
  // document is written in beside its default one.
  ChoicesReader(const nlohmann::json& document, const TextReader& texts, const std::set<std::string>& languages,
                Report& report)
      : document_(document), texts_(texts), languages_(languages), report_(report) {}

  // A list of plain values or of `{value, text}`. At most `most`; the rest is left out with a note.
  Choices ReadList(const nlohmann::json* list, absl::string_view path, std::size_t most) const;

  // `choices` or what stands for them, and the special choices. `kPlain` options are not exclusive.
  enum class Exclusive { kPossible, kPlain };
  Choices ReadChoices(Properties& properties, Exclusive exclusive, std::size_t most) const;

  // Whether choices or rows are shown shuffled, by the property `name`.
  v1::OptionOrder ReadOrder(Properties& properties, absl::string_view name) const;

  // One option.
  static void Append(nlohmann::json value, const std::string& key, TextMap text, Choices& choices);
  // A text that is the same in all languages, such as a number.
  TextMap InAllLanguages(absl::string_view text) const;

 private:
  const nlohmann::json* LentChoices(Properties& properties) const;
  Choices ReadNumbers(Properties& properties, std::size_t most) const;
  void AddSpecial(Properties& properties, Exclusive exclusive, std::size_t most, Choices& choices) const;
  void TellKeys(absl::string_view path, const Choices& choices) const;

  const nlohmann::json& document_;
  const TextReader& texts_;
  const std::set<std::string>& languages_;
  Report& report_;
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_READING_CHOICES_READER_H_
