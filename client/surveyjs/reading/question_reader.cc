#include "client/surveyjs/reading/question_reader.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "client/surveyjs/reading/text_questions.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxFields = 50;

// Why elements of these types are left out.
const absl::flat_hash_map<absl::string_view, absl::string_view>& Impossible() {
  static const auto& impossible = *new absl::flat_hash_map<absl::string_view, absl::string_view>{
      {"paneldynamic", "questions cannot be repeated"},
      {"matrixdynamic", "a table with rows that respondents add is not possible"},
      {"matrixdropdown", "a table with a question in each cell is not possible; ask a matrix for each column"},
      {"file", "files are not taken"},
      {"signaturepad", "signatures are not taken"},
      {"imagemap", "places on an image are not taken"},
  };
  return impossible;
}

bool IsStatement(absl::string_view type) {
  return type == "html" || type == "image" || type == "expression" || type == "panel";
}

}  // namespace

std::vector<ReadQuestion> QuestionReader::Read(const Element& element) const {
  Properties properties(*element.json, element.path);
  properties.Ignore({"type", "name", "visible", "visibleIf", "elements", "questions"});
  const auto impossible = Impossible().find(element.type);
  if (impossible != Impossible().end()) {
    report_.Add(element.path,
                absl::StrCat("the ", element.type, " ", Quoted(element.name), " is left out: ", impossible->second));
    return {};
  }
  std::vector<ReadQuestion> questions;
  if (IsStatement(element.type)) {
    questions = ReadStatement(element, properties);
  } else if (element.type == "multipletext") {
    questions = ReadFields(element, properties);
  } else {
    ReadQuestion question = Start(element, properties);
    if (!ReadKind(element.type, properties, question)) {
      report_.Add(element.path, absl::StrCat("the type ", Quoted(element.type), " of ", Quoted(element.name),
                                             " cannot be asked here: left out"));
      return {};
    }
    questions.push_back(std::move(question));
  }
  properties.ReportRest(report_);
  return questions;
}

ReadQuestion QuestionReader::Start(const Element& element, Properties& properties) const {
  ReadQuestion question;
  question.name = element.name;
  TextMap text = texts_.Read(properties.Take("title"), properties.PathOf("title"));
  // SurveyJS shows the name where there is no title.
  if (text.empty()) text = choices_.InAllLanguages(element.name.empty() ? element.type : element.name);
  *question.question.mutable_text() = std::move(text);
  *question.question.mutable_help() = texts_.Read(properties.Take("description"), properties.PathOf("description"));
  question.question.set_required(properties.TakeFlag("isRequired"));
  return question;
}

bool QuestionReader::ReadKind(const std::string& type, Properties& properties, ReadQuestion& question) const {
  if (type == "text") {
    ReadTextKind(properties, report_, question);
  } else if (type == "comment") {
    ReadCommentKind(properties, report_, question);
  } else if (type == "rating") {
    options_.ReadRating(properties, question);
  } else if (type == "radiogroup" || type == "dropdown" || type == "buttongroup") {
    options_.ReadSingle(properties, question);
  } else if (type == "checkbox" || type == "tagbox") {
    options_.ReadMultiple(properties, question);
  } else if (type == "imagepicker") {
    report_.Add(properties.path(), "its images are left out: its choices are asked by their texts");
    if (properties.TakeFlag("multiSelect")) {
      options_.ReadMultiple(properties, question);
    } else {
      options_.ReadSingle(properties, question);
    }
  } else if (type == "ranking") {
    options_.ReadRanking(properties, question);
  } else if (type == "matrix") {
    options_.ReadMatrix(properties, question);
  } else if (type == "boolean") {
    options_.ReadBoolean(properties, question);
  } else if (type == "slider" && properties.TakeText("sliderType") == "single") {
    ReadSliderKind(properties, report_, question);
  } else {
    return false;
  }
  return true;
}

std::vector<ReadQuestion> QuestionReader::ReadFields(const Element& element, Properties& properties) const {
  const ReadQuestion whole = Start(element, properties);
  RefuseValidators(properties, report_);
  std::vector<ReadQuestion> fields;
  const json* items = properties.Take("items");
  for (std::size_t i = 0; items != nullptr && items->is_array() && i < items->size(); ++i) {
    Properties item((*items)[i], absl::StrCat(properties.PathOf("items"), "[", i, "]"));
    if (!(*items)[i].is_object() || fields.size() == kMaxFields) {
      report_.Add(item.path(), "is left out");
      continue;
    }
    Element of_item = element;
    of_item.name = item.TakeText("name");
    ReadQuestion field = Start(of_item, item);
    field.name = absl::StrCat(element.name, ".", of_item.name);
    // Its own title makes sense below that of the whole alone.
    TextMap& text = *field.question.mutable_text();
    for (auto& [language, words] : text) {
      const auto above = whole.question.text().find(language);
      if (above != whole.question.text().end()) words = Shortened(absl::StrCat(above->second, ": ", words), 5000);
    }
    ReadTextKind(item, report_, field);
    item.ReportRest(report_);
    fields.push_back(std::move(field));
  }
  if (!fields.empty()) *fields[0].question.mutable_help() = whole.question.help();
  report_.Add(element.path, absl::StrCat("its ", fields.size(), " fields are questions of their own"));
  if (whole.question.required()) report_.Add(element.path, "isRequired is left out: its fields say it for themselves");
  return fields;
}

std::vector<ReadQuestion> QuestionReader::ReadStatement(const Element& element, Properties& properties) const {
  ReadQuestion statement;
  statement.name = element.name;
  statement.has_answer = false;
  statement.question.mutable_statement();
  if (element.type == "html") {
    HeadedText html = texts_.ReadHtml(properties.Take("html"), properties.PathOf("html"));
    *statement.question.mutable_text() = std::move(html.heading);
    *statement.question.mutable_help() = std::move(html.text);
    properties.Ignore({"title"});
  } else {
    *statement.question.mutable_text() = texts_.Read(properties.Take("title"), properties.PathOf("title"));
    TextMap help = texts_.Read(properties.Take("description"), properties.PathOf("description"));
    if (element.type == "image" && statement.question.text().empty()) {
      *statement.question.mutable_text() = texts_.Read(properties.Take("altText"), properties.PathOf("altText"));
    }
    if (statement.question.text().empty()) statement.question.mutable_text()->swap(help);
    *statement.question.mutable_help() = std::move(help);
  }
  if (statement.question.text().empty()) {
    report_.Add(element.path, absl::StrCat("the ", element.type, " has no text: left out"));
    return {};
  }
  if (element.type == "panel") report_.Add(element.path, "the panel's title became a statement before its questions");
  if (element.type == "image") report_.Add(element.path, "the image became a statement of its text");
  if (element.type == "expression") report_.Add(element.path, "became a statement: the result is not shown beside it");
  return {statement};
}

}  // namespace canvass::surveyjs
