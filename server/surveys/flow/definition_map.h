// Where things stand in a definition: what conditions, values, routes and pipes refer to, by key.
//
//   const DefinitionMap map(definition);
//   if (const auto fault = map.FaultOf("answer.nps", {.questions = 3})) …
//
// Immutable, thus thread-safe. The definition must outlive the map and not change.
#ifndef CANVASS_SERVER_SURVEYS_FLOW_DEFINITION_MAP_H_
#define CANVASS_SERVER_SURVEYS_FLOW_DEFINITION_MAP_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "canvass/v1/survey.pb.h"

namespace canvass::surveys {

// What may be referred to: answers to the first so many questions, and the first so many values.
struct Horizon {
  int questions = 0;
  int values = 0;
};

class DefinitionMap {
 public:
  explicit DefinitionMap(const v1::SurveyDefinition& definition);

  const v1::SurveyDefinition& definition() const { return definition_; }
  // True if two questions, values, endings or hidden fields have one key, so that a reference may mean either.
  bool IsAmbiguous() const { return ambiguous_; }

  // Places in the definition; -1 if there is none of that key.
  int Question(absl::string_view key) const { return Find(questions_, key); }
  int Value(absl::string_view key) const { return Find(values_, key); }
  int Ending(absl::string_view key) const { return Find(endings_, key); }
  int HiddenField(absl::string_view key) const { return Find(hidden_fields_, key); }

  // How far one must have come at the start of a page, in a question's texts and show_if, in its routes, in a value,
  // and at the end.
  Horizon BeforePage(int page) const;
  Horizon Before(int question) const { return {question, definition_.values_size()}; }
  Horizon Behind(int question) const { return {question + 1, definition_.values_size()}; }
  Horizon OfValue(int value) const { return {definition_.questions_size(), value}; }
  Horizon AtTheEnd() const { return {definition_.questions_size(), definition_.values_size()}; }

  // What is wrong with referring to `field`, a fact path, within `horizon`: nothing if nullopt.
  std::optional<std::string> FaultOf(absl::string_view field, Horizon horizon) const;

  // The fields that a value is worked out from, as they are written.
  static std::vector<absl::string_view> FieldsOf(const v1::CalculatedValue& value);

 private:
  using Places = absl::flat_hash_map<absl::string_view, int>;

  static int Find(const Places& places, absl::string_view key);
  template <typename List>
  void Enter(const List& list, Places& places);
  std::optional<std::string> AnswerFault(const std::vector<absl::string_view>& parts, Horizon horizon) const;
  std::optional<std::string> ValueFault(const std::vector<absl::string_view>& parts, Horizon horizon) const;
  std::optional<std::string> HiddenFault(const std::vector<absl::string_view>& parts) const;
  int LatestQuestionOf(int value) const;

  const v1::SurveyDefinition& definition_;
  Places questions_;
  Places values_;
  Places endings_;
  Places hidden_fields_;
  bool ambiguous_ = false;
  // By the place of the value: that of the last question it depends on, -1 if none.
  std::vector<int> latest_question_;
};

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_FLOW_DEFINITION_MAP_H_
