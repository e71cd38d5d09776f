#include "client/cli/translations/texts.h"

#include "absl/strings/str_cat.h"

namespace canvass::cli {
namespace {

class Collector {
 public:
  void Add(const std::string& path, Texts& texts) {
    if (!texts.empty()) located_.push_back({path, &texts});
  }

  // Of options, rows or columns.
  void AddOptions(const std::string& path, google::protobuf::RepeatedPtrField<v1::ChoiceOption>& options) {
    for (v1::ChoiceOption& option : options) {
      Add(absl::StrCat(path, "[", option.key(), "].text"), *option.mutable_text());
    }
  }

  void AddQuestion(v1::Question& question) {
    const std::string path = absl::StrCat("questions[", question.key(), "]");
    Add(path + ".text", *question.mutable_text());
    Add(path + ".help", *question.mutable_help());
    switch (question.kind_case()) {
      case v1::Question::kSingleChoice:
        return AddOptions(path + ".single_choice.options", *question.mutable_single_choice()->mutable_options());
      case v1::Question::kMultipleChoice:
        return AddOptions(path + ".multiple_choice.options", *question.mutable_multiple_choice()->mutable_options());
      case v1::Question::kRanking:
        return AddOptions(path + ".ranking.options", *question.mutable_ranking()->mutable_options());
      case v1::Question::kMatrix:
        AddOptions(path + ".matrix.rows", *question.mutable_matrix()->mutable_rows());
        return AddOptions(path + ".matrix.columns", *question.mutable_matrix()->mutable_columns());
      case v1::Question::kRating:
        Add(path + ".rating.low_label", *question.mutable_rating()->mutable_low_label());
        return Add(path + ".rating.high_label", *question.mutable_rating()->mutable_high_label());
      case v1::Question::kNumber:
        return Add(path + ".number.unit", *question.mutable_number()->mutable_unit());
      default:
        return;
    }
  }

  std::vector<LocatedText> Take() { return std::move(located_); }

 private:
  std::vector<LocatedText> located_;
};

}  // namespace

std::vector<LocatedText> TextsOf(v1::SurveyDefinition& definition) {
  Collector collector;
  collector.Add("title", *definition.mutable_title());
  for (v1::Page& page : *definition.mutable_pages()) {
    const std::string path = absl::StrCat("pages[", page.key(), "]");
    collector.Add(path + ".title", *page.mutable_title());
    collector.Add(path + ".description", *page.mutable_description());
  }
  for (v1::Question& question : *definition.mutable_questions()) collector.AddQuestion(question);
  for (v1::Ending& ending : *definition.mutable_endings()) {
    const std::string path = absl::StrCat("endings[", ending.key(), "]");
    collector.Add(path + ".title", *ending.mutable_title());
    collector.Add(path + ".text", *ending.mutable_text());
  }
  collector.Add("closed_text", *definition.mutable_closed_text());
  return collector.Take();
}

}  // namespace canvass::cli
