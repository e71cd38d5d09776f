// The logic of a definition in SurveyJS's words: visibleIf, triggers, completion pages and calculated values.
//
// Routes of a question that has an answer are triggers. SurveyJS has none behind a text alone, or without a condition
// on the question itself; there the questions that a route leaves out are hidden by their visibleIf.
//
// Not thread-safe. What it is made of must outlive it.
#ifndef CANVASS_CLIENT_SURVEYJS_WRITING_LOGIC_WRITER_H_
#define CANVASS_CLIENT_SURVEYJS_WRITING_LOGIC_WRITER_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "canvass/v1/survey.pb.h"
#include "client/surveyjs/report.h"
#include "client/surveyjs/writing/text_writer.h"

namespace canvass::surveyjs {

class LogicWriter {
 public:
  using Json = nlohmann::ordered_json;

  LogicWriter(const v1::SurveyDefinition& definition, const TextWriter& texts, Report& report);

  // The visibleIf of the question at `place`, and of the page; nullopt if everybody is asked.
  std::optional<std::string> VisibleIf(int place) const;
  std::optional<std::string> VisibleIf(const v1::Page& page, const std::string& path) const;

  // Adds triggers, calculatedValues, completedHtml and all that belongs to it.
  void Write(Json& document) const;

 private:
  void ReadRoutes(int place);
  void ReadTrigger(int place, const v1::Route& route, const std::string& path, const v1::Condition& when);
  void HideSkipped(int place, const v1::Route& route, const std::string& path, const v1::Condition& when);
  void EndWith(const std::string& key, const std::string& expression);
  v1::Condition ShownIf(int place) const;
  std::optional<std::string> Expression(const v1::Condition& condition, absl::string_view path,
                                        absl::string_view consequence) const;
  int PlaceOf(const std::string& key) const;
  bool IsLastOfPage(int place) const;
  void WriteEndings(Json& document) const;
  void WriteValues(Json& document) const;

  const v1::SurveyDefinition& definition_;
  const TextWriter& texts_;
  Report& report_;
  std::vector<std::vector<v1::Condition>> hidden_by_;  // by place: conditions of which none may be true
  Json triggers_ = Json::array();
  Json endings_ = Json::array();
  Json urls_ = Json::array();
};

}  // namespace canvass::surveyjs

#endif  // CANVASS_CLIENT_SURVEYJS_WRITING_LOGIC_WRITER_H_
