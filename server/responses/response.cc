#include "server/responses/response.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/repeated_ptr_field.h>

#include <algorithm>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/digest.h"
#include "server/base/proto_time.h"
#include "server/base/text/characters.h"
#include "server/base/text/language_tag.h"
#include "server/conditions/facts.h"
#include "server/surveys/survey.h"

namespace canvass::responses {
namespace {

// What google.protobuf.Timestamp may hold: the years 1 to 9999.
constexpr int64_t kMinTimestampSeconds = -62'135'596'800;
constexpr int64_t kMaxTimestampSeconds = 253'402'300'799;
constexpr int32_t kNanosPerSecond = 1'000'000'000;
// How much of a wrong value an error repeats.
constexpr std::size_t kQuotedBytes = 100;

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::CHexEscape(text.substr(0, kQuotedBytes)), "'");
}

bool Full(const Violations& violations) { return violations.list().size() >= Violations::kMaxReported; }

// The place of the element with that key, -1 if there is none. Starts looking at `start`: respondents answer in the
// order in which they were asked, so that the first look is mostly the right one.
template <typename Element>
int FindFrom(const google::protobuf::RepeatedPtrField<Element>& elements, int start, absl::string_view key) {
  const int size = elements.size();
  for (int i = 0; i < size; ++i) {
    const int place = start + i < size ? start + i : start + i - size;
    if (absl::string_view(elements[place].key()) == key) return place;
  }
  return -1;
}

// Checks one answer against its question.
class AnswerCheck {
 public:
  AnswerCheck(int index, const v1::Question& question, const v1::Answer& answer, Violations& violations)
      : index_(index), question_(question), answer_(answer), violations_(violations) {}

  void Run() const {
    switch (answer_.value_case()) {
      case v1::Answer::VALUE_NOT_SET:
        return Add("",
                   absl::StrCat("says nothing on ", Question(), ": give ", Expected(), ", or leave the answer out"));
      case v1::Answer::kDismissed:
        return CheckDismissed();
      default:
        break;
    }
    switch (question_.kind_case()) {
      case v1::Question::kNps:
      case v1::Question::kCsat:
      case v1::Question::kCes:
        return answer_.has_score() ? CheckScore() : WrongKind();
      case v1::Question::kSingleChoice:
        return answer_.has_choice() ? CheckChoice() : WrongKind();
      case v1::Question::kMultipleChoice:
        return answer_.has_choices() ? CheckChoices() : WrongKind();
      case v1::Question::kFreeText:
        return answer_.has_text() ? CheckText() : WrongKind();
      default:
        return WrongKind();
    }
  }

 private:
  void CheckDismissed() const {
    if (!answer_.dismissed()) Add(".dismissed", "must be true; leave the answer out otherwise");
    if (question_.required()) Add(".dismissed", absl::StrCat(Question(), " is required and cannot be dismissed"));
  }

  void CheckScore() const {
    const std::optional<surveys::Scale> scale = surveys::ScaleOf(question_);
    if (!scale.has_value() || (answer_.score() >= scale->low && answer_.score() <= scale->high)) return;
    Add(".score",
        absl::StrCat(answer_.score(), " is not on the scale ", scale->low, " to ", scale->high, " of ", Question()));
  }

  void CheckChoice() const {
    if (FindFrom(question_.single_choice().options(), 0, answer_.choice()) >= 0) return;
    Add(".choice", NoOption(answer_.choice()));
  }

  void CheckChoices() const {
    const v1::MultipleChoiceQuestion& kind = question_.multiple_choice();
    const auto& keys = answer_.choices().keys();
    const int max = surveys::MaxChoicesOf(kind);
    if (keys.size() < kind.min_choices() || keys.size() > max) {
      Add(".choices",
          absl::StrCat(keys.size(), " options are chosen; ", Question(), " takes ", kind.min_choices(), " to ", max));
      // More keys than options need not be looked up one by one to be wrong.
      if (keys.size() > kind.options_size()) return;
    }
    absl::InlinedVector<bool, 64> chosen(kind.options_size());
    int next = 0;
    for (int i = 0; i < keys.size() && !Full(violations_); ++i) {
      const int option = FindFrom(kind.options(), next, keys[i]);
      if (option < 0) {
        Add(absl::StrCat(".choices.keys[", i, "]"), NoOption(keys[i]));
        continue;
      }
      if (chosen[option])
        Add(absl::StrCat(".choices.keys[", i, "]"), absl::StrCat(Quoted(keys[i]), " is chosen twice"));
      chosen[option] = true;
      next = option + 1;
    }
  }

  void CheckText() const {
    const std::string& text = answer_.text();
    const auto max = static_cast<std::size_t>(surveys::MaxLengthOf(question_.free_text()));
    if (text.empty()) return Add(".text", "is empty; leave the answer out, or dismiss it");
    // No text has more characters than bytes.
    if (text.size() <= max) return;
    const std::size_t count = CharacterCount(text);
    if (count <= max) return;
    Add(".text", absl::StrCat("has ", count, " characters; ", Question(), " takes at most ", max));
  }

  void WrongKind() const {
    absl::string_view given;
    switch (answer_.value_case()) {
      case v1::Answer::kScore:
        given = ".score";
        break;
      case v1::Answer::kChoice:
        given = ".choice";
        break;
      case v1::Answer::kChoices:
        given = ".choices";
        break;
      default:
        given = ".text";
        break;
    }
    Add(given, absl::StrCat("does not fit ", Question(), ", which takes ", Expected()));
  }

  absl::string_view Expected() const {
    switch (question_.kind_case()) {
      case v1::Question::kSingleChoice:
        return "`choice`";
      case v1::Question::kMultipleChoice:
        return "`choices`";
      case v1::Question::kFreeText:
        return "`text`";
      default:
        return "`score`";
    }
  }

  std::string Question() const { return absl::StrCat("question '", question_.key(), "'"); }
  std::string NoOption(absl::string_view key) const {
    return absl::StrCat(Quoted(key), " is not an option of ", Question());
  }
  void Add(absl::string_view field, absl::string_view description) const {
    violations_.Add(absl::StrCat("response.answers[", index_, "]", field), description);
  }

  const int index_;
  const v1::Question& question_;
  const v1::Answer& answer_;
  Violations& violations_;
};

void CheckAnswers(const v1::SurveyDefinition& definition, const v1::Response& response, Violations& violations) {
  const auto& questions = definition.questions();
  absl::InlinedVector<bool, 64> answered(questions.size());
  int next = 0;
  for (int i = 0; i < response.answers_size() && !Full(violations); ++i) {
    const v1::Answer& answer = response.answers(i);
    const int place = FindFrom(questions, next, answer.question());
    if (place < 0) {
      violations.Add(absl::StrCat("response.answers[", i, "].question"),
                     absl::StrCat(Quoted(answer.question()), " is not a question of this version of the survey"));
      continue;
    }
    if (answered[place]) {
      violations.Add(absl::StrCat("response.answers[", i, "].question"),
                     absl::StrCat("question ", Quoted(answer.question()), " is answered twice"));
    }
    answered[place] = true;
    next = place + 1;
    AnswerCheck(i, questions[place], answer, violations).Run();
  }
  for (int i = 0; i < questions.size() && !Full(violations); ++i) {
    if (answered[i] || !questions[i].required()) continue;
    violations.Add("response.answers",
                   absl::StrCat("question '", questions[i].key(), "' is required and has no answer"));
  }
}

// True if `time` is a time at all.
bool CheckTimestamp(absl::string_view field, const google::protobuf::Timestamp& time, Violations& violations) {
  if (time.seconds() >= kMinTimestampSeconds && time.seconds() <= kMaxTimestampSeconds && time.nanos() >= 0 &&
      time.nanos() < kNanosPerSecond) {
    return true;
  }
  violations.Add(field,
                 absl::StrCat(time.seconds(), " s and ", time.nanos(), " ns are not a time of the years 1 to 9999"));
  return false;
}

void CheckTimes(const v1::Response& response, absl::Time now, Violations& violations) {
  absl::Time latest_start = now + kMaxClockSkew;
  if (response.has_answer_time() && CheckTimestamp("response.answer_time", response.answer_time(), violations)) {
    const absl::Time answer_time = FromProto(response.answer_time());
    if (answer_time > now + kMaxClockSkew) {
      violations.Add("response.answer_time", absl::StrCat(absl::FormatTime(answer_time, absl::UTCTimeZone()),
                                                          " is more than 10 minutes in the future"));
    }
    latest_start = std::min(latest_start, answer_time);
  }
  if (response.has_start_time() && CheckTimestamp("response.start_time", response.start_time(), violations)) {
    const absl::Time start_time = FromProto(response.start_time());
    if (start_time <= latest_start) return;
    violations.Add("response.start_time",
                   absl::StrCat(absl::FormatTime(start_time, absl::UTCTimeZone()), " is later than the answer"));
  }
}

void CheckResponseFacts(const v1::Response& response, FactsSource source, Violations& violations) {
  if (!response.has_facts()) return;
  if (source == FactsSource::kInvitation) {
    violations.Add("response.facts", "must not be given with an invitation, which has its own");
    return;
  }
  for (const auto& [key, value] : response.facts().fields()) {
    const bool known = key == "event" || key == "contact";
    if (known && value.has_struct_value()) continue;
    violations.Add(absl::StrCat("response.facts.", absl::CHexEscape(absl::string_view(key).substr(0, kQuotedBytes))),
                   known ? "must be an object" : "is neither `event` nor `contact`, the two objects that facts have");
    if (Full(violations)) return;
  }
  conditions::CheckFacts("response.facts", response.facts(), {}, violations);
}

}  // namespace

void Validate(const v1::SurveyDefinition& definition, const ResponseContext& context, const v1::Response& response,
              Violations& violations) {
  CheckAnswers(definition, response, violations);
  CheckTimes(response, context.now, violations);
  if (!response.language().empty() && !IsLanguageTag(response.language())) {
    violations.Add("response.language",
                   absl::StrCat(Quoted(response.language()), " is not a BCP 47 language tag such as `en` or `pt-BR`"));
  }
  if (!v1::Invitation::Channel_IsValid(response.channel())) {
    violations.Add("response.channel", absl::StrCat(static_cast<int>(response.channel()), " is not a channel"));
  }
  CheckResponseFacts(response, context.facts, violations);
}

std::string ContentDigest(const v1::Response& response) {
  std::string content;
  content.reserve(response.ByteSizeLong());
  {
    google::protobuf::io::StringOutputStream stream(&content);
    google::protobuf::io::CodedOutputStream coded(&stream);
    // Facts are maps, whose order is by chance otherwise.
    coded.SetSerializationDeterministic(true);
    response.SerializeToCodedStream(&coded);
  }
  return Digest16(content);
}

}  // namespace canvass::responses
