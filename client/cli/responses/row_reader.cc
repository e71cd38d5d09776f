#include "client/cli/responses/row_reader.h"

#include <algorithm>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/documents/answers.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/documents/scalars.h"
#include "client/cli/exit_code.h"
#include "client/cli/names.h"

namespace canvass::cli {
namespace {

using Field = ImportTarget::Field;
using Type = ImportTarget::Type;

// What a cell stands for, itself if nothing else is said.
std::string Mapped(const ImportTarget& target, absl::string_view text) {
  const auto found = target.values.find(text);
  return found == target.values.end() ? std::string(text) : found->second;
}

v1::Answer& AnswerTo(const std::string& question, v1::Response& response) {
  for (v1::Answer& answer : *response.mutable_answers()) {
    if (answer.question() == question) return answer;
  }
  v1::Answer& added = *response.add_answers();
  added.set_question(question);
  return added;
}

// The option before a colon as what it stands for, with what was written beside it.
std::string MappedOption(const ImportTarget& target, absl::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  return absl::StrCat(Mapped(target, absl::StripAsciiWhitespace(text.substr(0, colon))), text.substr(colon));
}

// The items of a list in a cell, each as what it stands for: parted by ';' or else ',', but for what was written beside
// the last option, `staff;other:the view`.
std::string MappedItems(const ImportTarget& target, absl::string_view text) {
  const absl::string_view options = text.substr(0, text.find(':'));
  const char separator = absl::StrContains(options, ';') ? ';' : ',';
  const std::size_t last = options.rfind(separator);
  const std::size_t start = last == absl::string_view::npos ? 0 : last + 1;
  std::vector<std::string> items;
  for (const absl::string_view item : absl::StrSplit(text.substr(0, start), separator, absl::SkipWhitespace())) {
    items.push_back(Mapped(target, absl::StripAsciiWhitespace(item)));
  }
  const absl::string_view rest = absl::StripAsciiWhitespace(text.substr(start));
  if (!rest.empty()) items.push_back(MappedOption(target, rest));
  return absl::StrJoin(items, ",");
}

absl::Status CheckKeys(const ImportTarget& target, const std::vector<std::string>& chosen) {
  for (const std::string& key : chosen) {
    if (target.options.contains(key)) continue;
    const std::vector<std::string> keys(target.options.begin(), target.options.end());
    return absl::InvalidArgumentError(absl::StrCat("there is no option '", key, "'", Suggestion(key, keys)));
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const ImportTarget& target, const v1::Answer& answer) {
  switch (answer.value_case()) {
    case v1::Answer::kChoice:
      return CheckKeys(target, {answer.choice()});
    case v1::Answer::kChoices:
      return CheckKeys(target, {answer.choices().keys().begin(), answer.choices().keys().end()});
    case v1::Answer::kRanking:
      return CheckKeys(target, {answer.ranking().keys().begin(), answer.ranking().keys().end()});
    default:
      return absl::OkStatus();
  }
}

absl::Status SetFact(const ImportTarget& target, const Cell& cell, google::protobuf::Struct& facts) {
  const std::string text = Mapped(target, absl::StripAsciiWhitespace(cell.text));
  google::protobuf::Value value;
  double number = 0;
  bool boolean = false;
  const bool plain = target.type == Type::kAsWritten && cell.plain;
  const bool is_number = (target.type == Type::kNumber || plain) && absl::SimpleAtod(text, &number);
  const bool is_boolean = (target.type == Type::kBoolean || plain) && absl::SimpleAtob(text, &boolean);
  if (is_number) {
    value.set_number_value(number);
  } else if (is_boolean) {
    value.set_bool_value(boolean);
  } else if (target.type == Type::kNumber || target.type == Type::kBoolean) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text, "' is ", target.type == Type::kNumber ? "not a number" : "neither true nor false"));
  } else {
    value.set_string_value(text);
  }
  google::protobuf::Struct* level = &facts;
  for (std::size_t i = 0; i + 1 < target.path.size(); ++i) {
    level = (*level->mutable_fields())[target.path[i]].mutable_struct_value();
  }
  (*level->mutable_fields())[target.path.back()] = std::move(value);
  return absl::OkStatus();
}

template <typename Enum>
absl::StatusOr<Enum> ReadEnum(const google::protobuf::EnumDescriptor& type, absl::string_view text) {
  const auto value = ParseEnum(type, text);
  if (!value.ok()) return value.status();
  return static_cast<Enum>((*value)->number());
}

// Answers come in the order of the columns; the first to a question is where the others of it go.
absl::Status FinishAnswers(v1::Response& response) {
  for (const v1::Answer& answer : response.answers()) {
    if (answer.value_case() == v1::Answer::VALUE_NOT_SET) {
      return absl::InvalidArgumentError(
          absl::StrCat(answer.question(), ".other says what was written beside an option, but none is chosen"));
    }
  }
  return response.answers().empty() ? absl::InvalidArgumentError("there is no answer in the row") : absl::OkStatus();
}

}  // namespace

absl::Status RowReader::Bind(const std::vector<std::string>& names, const BindOptions& options) {
  std::vector<std::string> faults;
  std::vector<bool> taken(names.size());
  bound_.clear();
  width_ = names.size();
  for (const ImportTarget& target : map_.targets()) {
    const auto found = absl::c_find(names, target.column);
    Bound bound = {.target = target, .column = {}};
    if (found != names.end() && !target.column.empty()) {
      bound.column = static_cast<std::size_t>(found - names.begin());
      taken[*bound.column] = true;
    } else if (!target.column.empty() && options.complete) {
      faults.push_back(absl::StrCat("there is no column '", target.column, "', which the mapping says is ", target.name,
                                    Suggestion(target.column, names)));
    }
    bound_.push_back(std::move(bound));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (taken[i]) continue;
    absl::StatusOr<ImportTarget> target = map_.TargetCalled(names[i]);
    // In an export, `note` is the staff's where `answer.note` is a question's.
    const bool staffs = target.ok() && absl::c_linear_search(names, absl::StrCat("answer.", names[i]));
    if (staffs) target = ImportTarget{.name = names[i], .column = names[i]};
    if (!target.ok() && !options.ignore_unknown) {
      faults.push_back(absl::StrCat("column '", names[i], "' ", target.status().message()));
    }
    ImportTarget left_out = {.name = names[i], .column = names[i]};
    bound_.push_back({.target = target.ok() ? *std::move(target) : std::move(left_out), .column = i});
  }
  if (faults.empty()) return absl::OkStatus();
  return UsageError(absl::StrJoin(faults, "\n"));
}

absl::Status RowReader::ReadTimeCell(absl::string_view text, google::protobuf::Timestamp& time) const {
  const absl::StatusOr<absl::Time> read = ReadTime(text, map_.times());
  if (!read.ok()) return read.status();
  SetTime(*read, time);
  return absl::OkStatus();
}

absl::Status RowReader::ReadAnswer(const ImportTarget& target, const std::string& text, v1::Response& response) const {
  const v1::Question& question = *target.question;
  const std::string stripped(absl::StripAsciiWhitespace(text));
  if (target.dismissed.contains(stripped)) {
    AnswerTo(question.key(), response).set_dismissed(true);
    return absl::OkStatus();
  }
  const bool whole = target.values.contains(stripped);
  // Nothing is changed in what somebody wrote.
  std::string value = whole || !question.has_free_text() ? Mapped(target, stripped) : text;
  if (value.empty()) return absl::OkStatus();
  if (!whole && question.has_single_choice()) value = MappedOption(target, value);
  if (!whole && (question.has_multiple_choice() || question.has_ranking())) value = MappedItems(target, value);
  absl::StatusOr<v1::Answer> answer = ParseValue(question, value);
  if (!answer.ok()) return answer.status();
  absl::Status status = CheckOptions(target, *answer);
  if (status.ok()) AnswerTo(question.key(), response).MergeFrom(*answer);
  return status;
}

absl::Status RowReader::ReadCell(const ImportTarget& target, const Cell& cell,
                                 v1::SubmitResponseRequest& request) const {
  v1::Response& response = *request.mutable_response();
  const std::string text = Mapped(target, absl::StripAsciiWhitespace(cell.text));
  switch (target.field) {
    case Field::kIgnored:
      return absl::OkStatus();
    case Field::kAnswer:
      return ReadAnswer(target, cell.text, response);
    case Field::kMatrixRow: {
      absl::Status status = CheckKeys(target, {text});
      if (!status.ok()) return status;
      (*AnswerTo(target.question->key(), response).mutable_matrix()->mutable_columns())[target.row] = text;
      return absl::OkStatus();
    }
    case Field::kOtherText:
      AnswerTo(target.question->key(), response).set_other_text(cell.text);
      return absl::OkStatus();
    case Field::kDismissed:
      for (const absl::string_view key : absl::StrSplit(text, absl::ByAnyChar(";,"), absl::SkipWhitespace())) {
        AnswerTo(std::string(absl::StripAsciiWhitespace(key)), response).set_dismissed(true);
      }
      return absl::OkStatus();
    case Field::kAnswerTime:
      return ReadTimeCell(text, *response.mutable_answer_time());
    case Field::kStartTime:
      return ReadTimeCell(text, *response.mutable_start_time());
    case Field::kContact:
      response.set_contact(FullName(tenant_, "contacts", text));
      return absl::OkStatus();
    case Field::kLanguage:
      response.set_language(text);
      return absl::OkStatus();
    case Field::kChannel: {
      const auto channel = ReadEnum<v1::Invitation::Channel>(*v1::Invitation::Channel_descriptor(), text);
      if (channel.ok()) response.set_channel(*channel);
      return channel.status();
    }
    case Field::kDevice: {
      const auto device = ReadEnum<v1::Response::Device>(*v1::Response::Device_descriptor(), text);
      if (device.ok()) response.set_device(*device);
      return device.status();
    }
    case Field::kRequestId:
      request.set_request_id(text);
      return absl::OkStatus();
    case Field::kFact:
      return SetFact(target, cell, *response.mutable_facts());
  }
  return absl::OkStatus();
}

std::vector<RowFault> RowReader::Read(const std::vector<Cell>& cells, v1::SubmitResponseRequest& request) const {
  std::vector<RowFault> faults;
  if (cells.size() > width_) {
    faults.push_back({"", absl::StrCat("the row has ", cells.size(), " cells, the header ", width_)});
    return faults;
  }
  request.Clear();
  request.set_parent(tenant_);
  request.mutable_response()->set_survey(survey_);
  for (const auto& [target, column] : bound_) {
    const bool given = column.has_value() && *column < cells.size();
    const bool empty = !given || absl::StripAsciiWhitespace(cells[*column].text).empty();
    if (empty && target.value.empty()) continue;
    absl::Status status = ReadCell(target, empty ? Cell{.text = target.value} : cells[*column], request);
    if (!status.ok()) {
      faults.push_back({target.column.empty() ? target.name : target.column, std::string(status.message())});
    }
  }
  if (!faults.empty()) return faults;
  absl::Status status = FinishAnswers(*request.mutable_response());
  if (!status.ok()) faults.push_back({"", std::string(status.message())});
  return faults;
}

std::string RowReader::ColumnOf(absl::string_view field, const v1::Response& response) const {
  absl::string_view rest = field;
  // The path begins at the message of the stream, at the submission or at the response.
  for (const absl::string_view prefix : {"submission.", "response."}) absl::ConsumePrefix(&rest, prefix);
  std::string question;
  if (absl::ConsumePrefix(&rest, "answers[")) {
    int index = 0;
    const bool known =
        absl::SimpleAtoi(rest.substr(0, rest.find(']')), &index) && index >= 0 && index < response.answers_size();
    if (!known) return std::string(field);
    question = response.answers(index).question();
  }
  for (const auto& [target, column] : bound_) {
    const bool fits =
        question.empty() ? target.name == rest : target.question != nullptr && target.question->key() == question;
    if (fits && !target.column.empty()) return target.column;
  }
  return question.empty() ? std::string(rest) : question;
}

std::vector<RowFault> RowReader::FaultsOf(const v1::Problem& problem, const v1::SubmitResponseRequest& request) const {
  std::vector<RowFault> faults;
  for (const v1::FieldViolation& violation : problem.violations()) {
    faults.push_back({ColumnOf(violation.field(), request.response()), violation.description()});
  }
  if (faults.empty()) faults.push_back({"", problem.message()});
  return faults;
}

std::vector<std::string> RowReader::LeftOut() const {
  std::vector<std::string> titles;
  for (const auto& [target, column] : bound_) {
    if (target.field == Field::kIgnored) titles.push_back(target.column);
  }
  return titles;
}

}  // namespace canvass::cli
