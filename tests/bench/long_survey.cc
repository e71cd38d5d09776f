#include "tests/bench/long_survey.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "google/protobuf/map.h"

namespace canvass::bench {
namespace {

constexpr int kBlocks = 10;  // of six questions, each a page
constexpr const char* kLanguages[] = {"en", "cs", "sk", "pl", "sl"};

using TextMap = google::protobuf::Map<std::string, std::string>;

void SetText(const std::string& english, TextMap& text) {
  for (const char* language : kLanguages) {
    text[language] = language == kLanguages[0] ? english : absl::StrCat(english, " (", language, ")");
  }
}

std::string Key(absl::string_view kind, int block) { return absl::StrCat(kind, "_", block); }

v1::Question& AddQuestion(absl::string_view kind, int block, const std::string& text, v1::SurveyDefinition& survey) {
  v1::Question& question = *survey.add_questions();
  question.set_key(Key(kind, block));
  SetText(text, *question.mutable_text());
  return question;
}

void AddOptions(int count, google::protobuf::RepeatedPtrField<v1::ChoiceOption>& options) {
  for (int i = 0; i < count; ++i) {
    v1::ChoiceOption& option = *options.Add();
    option.set_key(absl::StrCat("option_", i));
    SetText(absl::StrCat("The reason number ", i), *option.mutable_text());
  }
}

void AddBlock(int block, v1::SurveyDefinition& survey) {
  v1::Page& page = *survey.add_pages();
  page.set_key(Key("page", block));
  page.set_starts_with(Key("score", block));
  SetText(absl::StrCat("Part ", block + 1), *page.mutable_title());
  AddQuestion("score", block, "How satisfied are you with this part of our service?", survey).mutable_csat();
  v1::Question& why = AddQuestion("why", block, "What went wrong, {{contact.first_name|dear customer}}?", survey);
  why.mutable_show_if()->set_text(absl::Substitute("answer.score_$0 <= 2", block));
  AddOptions(6, *why.mutable_multiple_choice()->mutable_options());
  v1::Question& like = AddQuestion("like", block, "What did you like best?", survey);
  like.mutable_show_if()->set_text(absl::Substitute("answer.score_$0 >= 4", block));
  AddOptions(6, *like.mutable_single_choice()->mutable_options());
  AddQuestion("again", block, "How likely are you to use it again?", survey).mutable_nps();
  v1::Question& more = AddQuestion("more", block, "Would you tell us more about that?", survey);
  more.mutable_show_if()->set_text(absl::Substitute("answer.again_$0 <= 6 OR answer.score_$0 <= 2", block));
  more.mutable_free_text()->set_multiline(true);
  AddQuestion("effort", block, "The company made it easy for me.", survey).mutable_ces();
}

}  // namespace

v1::SurveyDefinition LongSurvey() {
  v1::SurveyDefinition survey;
  survey.set_default_language(kLanguages[0]);
  for (const char* language : kLanguages) {
    if (language != kLanguages[0]) survey.add_languages(language);
  }
  for (int block = 0; block < kBlocks; ++block) AddBlock(block, survey);
  v1::Ending& thanks = *survey.add_endings();
  thanks.set_key("thanks");
  SetText("Thank you!", *thanks.mutable_title());
  return survey;
}

v1::GetQuestionnaireRequest MakeQuestionnaireRequest(const std::string& survey, int64_t n) {
  v1::GetQuestionnaireRequest request;
  request.mutable_context()->set_survey(survey);
  request.mutable_context()->set_language(kLanguages[n % std::size(kLanguages)]);
  return request;
}

v1::NextStepRequest MakeStepRequest(const std::string& survey, int64_t n) {
  v1::NextStepRequest request;
  request.mutable_context()->set_survey(survey);
  request.mutable_context()->set_language(kLanguages[n % std::size(kLanguages)]);
  const int pages = static_cast<int>(n % kBlocks);
  for (int block = 0; block < pages; ++block) {
    const auto add = [&](absl::string_view kind, int score) {
      v1::Answer& answer = *request.add_answers();
      answer.set_question(Key(kind, block));
      answer.set_score(score);
    };
    add("score", static_cast<int>((n + block) % 5) + 1);
    add("again", static_cast<int>((n + block) % 11));
    add("effort", static_cast<int>((n + block) % 7) + 1);
    request.set_after_page(Key("page", block));
  }
  return request;
}

}  // namespace canvass::bench
