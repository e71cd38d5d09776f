#include "server/surveys/definition/question_rules.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/surveys/definition/choice_rules.h"
#include "server/surveys/definition/condition_rules.h"
#include "server/surveys/definition/entry_rules.h"

namespace canvass::surveys {
namespace {

constexpr int kMaxRoutes = 20;
constexpr std::size_t kMaxTouchpoint = 63;
constexpr std::size_t kMaxDocumentCharacters = 100;
constexpr int kLeastRatingPoints = 2;
constexpr int kMostRatingPoints = 10;

using Presence = TextRules::Presence;

void CheckPoints(const std::string& path, int points, std::initializer_list<int> allowed, Faults& faults) {
  if (points == 0 || std::find(allowed.begin(), allowed.end(), points) != allowed.end()) return;
  std::string list;
  for (int each : allowed) absl::StrAppend(&list, each, ", ");
  faults.Add(path, absl::StrCat(points, " is not one of ", list, "or 0 for the default"));
}

void CheckCes(const std::string& path, const v1::CesQuestion& question, Faults& faults) {
  CheckPoints(path + ".points", question.points(), {5, 7, 10}, faults);
  if (v1::CesQuestion::Direction_IsValid(question.direction())) return;
  faults.Add(path + ".direction", "must be DIRECTION_EASE_IS_HIGH or DIRECTION_EFFORT_IS_HIGH");
}

void CheckRating(const std::string& path, const v1::RatingQuestion& question, const TextRules& texts, Faults& faults) {
  if (question.points() != 0 && (question.points() < kLeastRatingPoints || question.points() > kMostRatingPoints)) {
    faults.Add(path + ".points", absl::StrCat(question.points(), " is not allowed: ", kLeastRatingPoints, " to ",
                                              kMostRatingPoints, ", or 0 for the default"));
  }
  texts.Check(path + ".low_label", question.low_label(), Presence::kOptional);
  texts.Check(path + ".high_label", question.high_label(), Presence::kOptional);
}

void CheckKind(const std::string& path, const TextRules& texts, const v1::Question& question, Faults& faults) {
  switch (question.kind_case()) {
    case v1::Question::kNps:
    case v1::Question::kStatement:
      return;
    case v1::Question::kCsat:
      return CheckPoints(path + ".csat.points", question.csat().points(), {3, 5, 7, 10}, faults);
    case v1::Question::kCes:
      return CheckCes(path + ".ces", question.ces(), faults);
    case v1::Question::kRating:
      return CheckRating(path + ".rating", question.rating(), texts, faults);
    case v1::Question::kSingleChoice:
      return CheckSingleChoice(path + ".single_choice", question.single_choice(), texts, faults);
    case v1::Question::kMultipleChoice:
      return CheckMultipleChoice(path + ".multiple_choice", question.multiple_choice(), texts, faults);
    case v1::Question::kMatrix:
      return CheckMatrix(path + ".matrix", question.matrix(), texts, faults);
    case v1::Question::kRanking:
      return CheckRanking(path + ".ranking", question.ranking(), texts, faults);
    case v1::Question::kFreeText:
      return CheckFreeText(path + ".free_text", question.free_text(), faults);
    case v1::Question::kNumber:
      CheckNumber(path + ".number", question.number(), faults);
      return texts.Check(path + ".number.unit", question.number().unit(), Presence::kOptional);
    case v1::Question::kDate:
      return CheckDate(path + ".date", question.date(), faults);
    case v1::Question::kConsent:
      return CheckPlainText(path + ".consent.document", question.consent().document(), kMaxDocumentCharacters, faults);
    case v1::Question::KIND_NOT_SET:
      return faults.Add(path + ".kind",
                        "is required: one of nps, csat, ces, single_choice, multiple_choice, free_text, rating, "
                        "matrix, ranking, number, date, consent, statement");
  }
}

bool IsTouchpoint(const std::string& text) {
  const auto fits = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '_' || c == '-';
  };
  return text.size() <= kMaxTouchpoint && absl::ascii_islower(static_cast<unsigned char>(text[0])) &&
         std::all_of(text.begin(), text.end(), fits);
}

void CheckTags(const std::string& path, const v1::QuestionTags& tags, Faults& faults) {
  if (!tags.touchpoint().empty() && !IsTouchpoint(tags.touchpoint())) {
    faults.Add(path + ".touchpoint",
               absl::StrCat(Quoted(tags.touchpoint()),
                            " is not a touchpoint: 1 to 63 of a-z, 0-9, '_' and '-', starting with a letter"));
  }
  if (!v1::QuestionTags::ExperienceLevel_IsValid(tags.experience_level())) {
    faults.Add(path + ".experience_level", absl::StrCat(tags.experience_level(), " is not an ExperienceLevel"));
  }
  if (!v1::QuestionTags::EmpathyQuadrant_IsValid(tags.empathy_quadrant())) {
    faults.Add(path + ".empathy_quadrant", absl::StrCat(tags.empathy_quadrant(), " is not an EmpathyQuadrant"));
  }
}

void CheckRoutes(const std::string& path, v1::Question& question, Faults& faults) {
  faults.CheckCount(path, question.routes_size(), 0, kMaxRoutes);
  for (int i = 0; i < std::min(question.routes_size(), kMaxRoutes) && !faults.Full(); ++i) {
    const std::string route_path = absl::StrCat(path, "[", i, "]");
    v1::Route& route = *question.mutable_routes(i);
    if (route.has_when()) Normalize(route_path + ".when", *route.mutable_when(), faults);
    switch (route.target_case()) {
      case v1::Route::kSkipTo:
        faults.CheckKeyForm(route_path + ".skip_to", route.skip_to());
        break;
      case v1::Route::kEndWith:
        faults.CheckKeyForm(route_path + ".end_with", route.end_with());
        break;
      case v1::Route::TARGET_NOT_SET:
        faults.Add(route_path + ".target", "is required: skip_to or end_with");
        break;
    }
  }
}

}  // namespace

void CheckQuestion(const std::string& path, const TextRules& texts, v1::Question& question, Faults& faults) {
  texts.Check(path + ".text", question.text(), Presence::kRequired);
  texts.Check(path + ".help", question.help(), Presence::kOptional);
  CheckKind(path, texts, question, faults);
  CheckTags(path + ".tags", question.tags(), faults);
  if (question.has_show_if()) Normalize(path + ".show_if", *question.mutable_show_if(), faults);
  CheckRoutes(path + ".routes", question, faults);
}

}  // namespace canvass::surveys
