#include "client/cli/survey/interview.h"

#include <string>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/charts/text_width.h"
#include "client/cli/documents/answers.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/output/survey_view.h"

namespace canvass::cli {
namespace {

using charts::Color;
using Options = google::protobuf::RepeatedPtrField<v1::ChoiceOption>;

// The options that a reply chooses from; nullptr for kinds without.
const Options* OptionsOf(const v1::Question& question) {
  switch (question.kind_case()) {
    case v1::Question::kSingleChoice:
      return &question.single_choice().options();
    case v1::Question::kMultipleChoice:
      return &question.multiple_choice().options();
    case v1::Question::kRanking:
      return &question.ranking().options();
    case v1::Question::kMatrix:
      return &question.matrix().columns();
    default:
      return nullptr;
  }
}

std::string RangeText(absl::string_view what, absl::string_view min, absl::string_view max) {
  return absl::StrCat(what, min.empty() ? "" : " from ", min, max.empty() ? "" : " to ", max);
}

std::string NumberForm(const v1::NumberQuestion& number) {
  const std::string unit = OnlyText(number.unit());
  return absl::StrCat(RangeText("a number", number.has_min() ? absl::StrCat(number.min()) : "",
                                number.has_max() ? absl::StrCat(number.max()) : ""),
                      number.decimals() > 0 ? absl::StrCat(", up to ", number.decimals(), " decimals") : "",
                      unit.empty() ? "" : absl::StrCat(", in ", unit));
}

std::string TextForm(const v1::TextQuestion& text) {
  if (text.pattern() == 0) return "a text";
  return absl::StrCat("a text: ", EnumText(*v1::TextQuestion::Pattern_descriptor(), text.pattern()));
}

std::string ChoicesForm(const v1::MultipleChoiceQuestion& choice) {
  std::string form = "numbers, with commas";
  if (choice.min_choices() > 0) absl::StrAppend(&form, ", at least ", choice.min_choices());
  if (choice.max_choices() > 0) absl::StrAppend(&form, ", at most ", choice.max_choices());
  return form;
}

// What a reply looks like: "0 to 10".
std::string FormOf(const v1::Question& question) {
  switch (question.kind_case()) {
    case v1::Question::kNps:
      return "0 to 10";
    case v1::Question::kCsat:
    case v1::Question::kCes:
    case v1::Question::kRating:
      return absl::StrCat("1 to ", PointsOf(question));
    case v1::Question::kSingleChoice:
    case v1::Question::kMatrix:
      return "a number";
    case v1::Question::kMultipleChoice:
      return ChoicesForm(question.multiple_choice());
    case v1::Question::kRanking:
      return "numbers, the best first, with commas";
    case v1::Question::kFreeText:
      return TextForm(question.free_text());
    case v1::Question::kNumber:
      return NumberForm(question.number());
    case v1::Question::kDate:
      return RangeText("a date such as 2026-01-31", question.date().min(), question.date().max());
    case v1::Question::kConsent:
      return "yes or no";
    default:
      return "Enter";
  }
}

std::string Prompt(const v1::Question& question) {
  if (question.has_statement()) return "(Enter, b back) ";
  return absl::StrCat("(", FormOf(question), question.required() ? "" : "; Enter: none, -: dismiss", ") > ");
}

// The key of the option that `word` names by its number from 1; others as they are.
std::string KeyOf(const Options& options, absl::string_view word) {
  int number = 0;
  const std::string key(absl::StripAsciiWhitespace(word));
  for (const v1::ChoiceOption& option : options) {
    if (option.key() == key) return key;
  }
  const bool in_range = absl::SimpleAtoi(key, &number) && number >= 1 && number <= options.size();
  return in_range ? options[number - 1].key() : key;
}

// The reply with keys instead of numbers: "2,3:the smell" → "price,other:the smell".
std::string WithKeys(const v1::Question& question, const std::string& text) {
  const Options* options = OptionsOf(question);
  if (options == nullptr || question.has_matrix()) return text;
  const std::size_t colon = text.find(':');
  const absl::string_view chosen = absl::string_view(text).substr(0, colon);
  const char* parting = absl::StrContains(chosen, ",") ? "," : ", ";
  const bool single = question.has_single_choice();
  std::vector<std::string> keys;
  if (single) {
    keys.push_back(KeyOf(*options, chosen));
  } else {
    for (const absl::string_view word : absl::StrSplit(chosen, absl::ByAnyChar(parting), absl::SkipWhitespace())) {
      keys.push_back(KeyOf(*options, word));
    }
  }
  return absl::StrCat(absl::StrJoin(keys, ","), colon == std::string::npos ? "" : text.substr(colon));
}

// InvalidArgument if `answer` has a key that is none of the question's options.
absl::Status CheckKeys(const v1::Question& question, const v1::Answer& answer) {
  const Options* options = OptionsOf(question);
  if (options == nullptr) return absl::OkStatus();
  std::vector<std::string> keys(answer.choices().keys().begin(), answer.choices().keys().end());
  keys.insert(keys.end(), answer.ranking().keys().begin(), answer.ranking().keys().end());
  for (const auto& [row, column] : answer.matrix().columns()) keys.push_back(column);
  if (answer.has_choice()) keys.push_back(answer.choice());
  for (const std::string& key : keys) {
    const bool known = absl::c_any_of(*options, [&](const v1::ChoiceOption& option) { return option.key() == key; });
    if (!known) return absl::InvalidArgumentError(absl::StrCat("'", key, "' is none of the options"));
  }
  return absl::OkStatus();
}

// A list or map of a file, as it would be typed.
std::string Typed(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kScalar:
      return node.text;
    case Node::Kind::kList:
      return absl::StrJoin(node.items, ",",
                           [](std::string* out, const Node& item) { absl::StrAppend(out, item.text); });
    case Node::Kind::kMap:
      return absl::StrJoin(node.members, ",", [](std::string* out, const Member& member) {
        absl::StrAppend(out, member.key, ":", member.value.text);
      });
    default:
      return "";
  }
}

}  // namespace

std::string OnlyText(const google::protobuf::Map<std::string, std::string>& texts) {
  return texts.empty() ? "" : charts::Printable(texts.begin()->second);
}

Replies LineReplies(std::istream& in, Say say) {
  return [&in, say = std::move(say)](const v1::Question& question,
                                     absl::string_view prompt) -> absl::StatusOr<std::string> {
    say(prompt);
    std::string line;
    if (!std::getline(in, line)) {
      return absl::OutOfRangeError(absl::StrCat("the input ends before an answer to '", question.key(), "'"));
    }
    return std::string(absl::StripAsciiWhitespace(line));
  };
}

Replies MapReplies(Node answers) {
  return
      [answers = std::move(answers)](const v1::Question& question, absl::string_view) -> absl::StatusOr<std::string> {
        const Node* found = answers.Find(question.key());
        return found == nullptr ? std::string() : Typed(*found);
      };
}

void Interview::Show(const v1::Question& question) {
  std::string text = absl::StrCat("\n", charts::Paint(style_, Color::kBold, OnlyText(question.text())),
                                  question.required() ? charts::Paint(style_, Color::kRed, " *") : "", "\n");
  const std::string help = OnlyText(question.help());
  if (!help.empty()) absl::StrAppend(&text, charts::Paint(style_, Color::kDim, help), "\n");
  if (question.has_rating() && !question.rating().low_label().empty()) {
    absl::StrAppend(&text, "  1: ", OnlyText(question.rating().low_label()), ", ", PointsOf(question), ": ",
                    OnlyText(question.rating().high_label()), "\n");
  }
  if (const Options* options = OptionsOf(question); options != nullptr) {
    int number = 0;
    for (const v1::ChoiceOption& option : *options) {
      ++number;
      absl::StrAppend(&text, charts::PadLeft(absl::StrCat(number), 4), "  ", OnlyText(option.text()),
                      option.other() ? absl::StrCat(" (", number, ":your words)") : "", "\n");
    }
  }
  say_(text);
}

absl::StatusOr<Reply> Interview::Ask(const v1::Question& question) {
  Show(question);
  while (true) {
    absl::StatusOr<Reply> reply;
    if (question.has_matrix()) {
      reply = AskMatrix(question);
    } else {
      const absl::StatusOr<std::string> text = replies_(question, Prompt(question));
      if (!text.ok()) return text.status();
      reply = Read(question, *text);
    }
    if (reply.ok() || !absl::IsInvalidArgument(reply.status())) return reply;
    if (again_ == AskAgain::kNo) {
      return absl::InvalidArgumentError(absl::StrCat(question.key(), ": ", reply.status().message()));
    }
    say_(absl::StrCat(charts::Paint(style_, Color::kYellow, charts::Printable(reply.status().message())), "\n"));
  }
}

absl::StatusOr<Reply> Interview::AskMatrix(const v1::Question& question) {
  v1::Answer answer;
  answer.set_question(question.key());
  for (const v1::ChoiceOption& row : question.matrix().rows()) {
    const std::string prompt = absl::StrCat(OnlyText(row.text()), " ", Prompt(question));
    const absl::StatusOr<std::string> text = replies_(question, prompt);
    if (!text.ok()) return text.status();
    if (IsBack(*text)) return Reply{.kind = Reply::Kind::kBack, .answer = {}};
    // All rows at once, or none.
    if (absl::StrContains(*text, ":") || *text == "-") return Read(question, *text);
    if (text->empty()) continue;
    (*answer.mutable_matrix()->mutable_columns())[row.key()] = KeyOf(question.matrix().columns(), *text);
  }
  if (!answer.has_matrix()) return Read(question, "");
  absl::Status status = CheckKeys(question, answer);
  if (!status.ok()) return status;
  return Reply{.kind = Reply::Kind::kAnswer, .answer = std::move(answer)};
}

absl::StatusOr<Reply> Interview::Read(const v1::Question& question, const std::string& text) {
  if (IsBack(text)) return Reply{.kind = Reply::Kind::kBack, .answer = {}};
  if (question.has_statement()) return Reply();
  if (text.empty() || text == "-") {
    if (question.required()) return absl::InvalidArgumentError("an answer is required");
    Reply reply;
    if (text.empty()) return reply;
    reply.kind = Reply::Kind::kAnswer;
    reply.answer.set_question(question.key());
    reply.answer.set_dismissed(true);
    return reply;
  }
  absl::StatusOr<v1::Answer> answer = ParseValue(question, WithKeys(question, text));
  if (!answer.ok()) return answer.status();
  absl::Status status = CheckKeys(question, *answer);
  if (!status.ok()) return status;
  return Reply{.kind = Reply::Kind::kAnswer, .answer = *std::move(answer)};
}

}  // namespace canvass::cli
