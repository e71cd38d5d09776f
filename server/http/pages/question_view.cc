#include "server/http/pages/question_view.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/http/pages/templates.h"
#include "server/surveys/survey.h"

namespace canvass::http {
namespace {

namespace mustache = kainjow::mustache;
using Data = mustache::data;
using List = mustache::list;
using Options = google::protobuf::RepeatedPtrField<v1::ChoiceOption>;

// From here on a list to pick from takes less room than buttons, on the screen and on the way there.
constexpr int kMaxButtons = 25;
// The same for places of a ranking: a list for each option would grow with the square of their number.
constexpr int kMaxPlaceLists = 12;

// One question on its way into data.
class View {
 public:
  View(const v1::Question& question, const Form& form, absl::string_view problem, const Sentences& sentences)
      : question_(question), form_(form), sentences_(sentences) {
    // Mustache looks names up in the data around, so whatever the template asks for is set here.
    for (const char* name : {"statement", "group", "field", "role", "has_options", "rows", "selects", "places", "other",
                             "textarea", "line", "list", "short", "mode", "purpose", "least", "most", "unit", "note"}) {
      data_.set(name, false);
    }
    data_.set("key", question.key());
    data_.set("name", FieldName(question));
    data_.set("field_id", FirstFieldId(question));
    data_.set("layout", "");
    SetText("text", OnlyText(question.text()), data_);
    SetText("help", OnlyText(question.help()), data_);
    SetText("problem", problem, data_);
    SetText("required", question.required() ? sentences.Get("required") : "", data_);
    data_.set("error_prefix", std::string(sentences.Get("error_prefix")));
  }

  Data Make() && {
    switch (question_.kind_case()) {
      case v1::Question::kNps:
      case v1::Question::kCsat:
      case v1::Question::kCes:
      case v1::Question::kRating:
        MakeScale(*surveys::ScaleOf(question_));
        break;
      case v1::Question::kSingleChoice:
        MakeSingleChoice(question_.single_choice().options());
        break;
      case v1::Question::kMultipleChoice:
        MakeMultipleChoice(question_.multiple_choice());
        break;
      case v1::Question::kMatrix:
        MakeMatrix(question_.matrix());
        break;
      case v1::Question::kRanking:
        MakeRanking(question_.ranking().options());
        break;
      case v1::Question::kConsent:
        MakeConsent();
        break;
      case v1::Question::kFreeText:
        MakeFreeText(question_.free_text());
        break;
      case v1::Question::kNumber:
        MakeNumber(question_.number());
        break;
      case v1::Question::kDate:
        MakeDate(question_.date());
        break;
      case v1::Question::kStatement:
      case v1::Question::KIND_NOT_SET:
        data_.set("statement", true);
        break;
    }
    SetDescribed();
    return std::move(data_);
  }

 private:
  // The ids of what stands between question and field.
  void SetDescribed() {
    std::vector<std::string> ids;
    for (const auto& [name, mark] :
         {std::pair("help", "h"), std::pair("note", "n"), std::pair("problem", "e"), std::pair("unit", "u")}) {
      if (!data_.get(name)->is_false()) ids.push_back(absl::StrCat(mark, "-", question_.key()));
    }
    SetText("described", absl::StrJoin(ids, " "), data_);
  }

  Data Option(absl::string_view value, absl::string_view text, bool checked) {
    Data option;
    option.set("value", std::string(value));
    option.set("option", std::string(text));
    option.set("checked", checked);
    option.set("id", false);
    return option;
  }

  // Buttons or items for `options` under the field `name`.
  List OptionsUnder(const std::string& name, const Options& options) {
    const std::vector<std::string>& chosen = form_.All(name);
    List list;
    for (const v1::ChoiceOption& option : options) {
      const bool checked = std::find(chosen.begin(), chosen.end(), option.key()) != chosen.end();
      list.push_back(Option(option.key(), OnlyText(option.text()), checked));
    }
    return list;
  }

  // A button cannot be let go of once it is pressed, so there is one for no answer.
  void AddNoAnswer(const std::string& name, List& list) {
    if (question_.required()) return;
    const std::vector<std::string>& chosen = form_.All(name);
    list.push_back(Option("", sentences_.Get("no_answer"), !chosen.empty() && chosen[0].empty()));
  }

  void SetOptions(absl::string_view input, List list) {
    data_.set("group", true);
    data_.set("has_options", true);
    data_.set("input", std::string(input));
    data_.set("role", input == "radio");
    data_.set("options", WithFirstId(std::move(list)));
  }

  List WithFirstId(List list) {
    if (!list.empty()) list.front().set("id", FirstFieldId(question_));
    return list;
  }

  void MakeScale(const surveys::Scale& scale) {
    const absl::string_view value = form_.First(FieldName(question_));
    List list;
    for (int score = scale.low; score <= scale.high; ++score) {
      const std::string text = absl::StrCat(score);
      list.push_back(Option(text, text, value == text));
    }
    AddNoAnswer(FieldName(question_), list);
    data_.set("layout", "line");
    SetScaleNote(scale);
    SetOptions("radio", std::move(list));
  }

  void SetScaleNote(const surveys::Scale& scale) {
    const auto [low, high] = ScaleEnds();
    if (low.empty() && high.empty()) return;
    SetText("note",
            sentences_.Fill("scale", {{"low_value", absl::StrCat(scale.low)},
                                      {"low", std::string(low)},
                                      {"high_value", absl::StrCat(scale.high)},
                                      {"high", std::string(high)}}),
            data_);
  }

  std::pair<absl::string_view, absl::string_view> ScaleEnds() const {
    if (question_.has_nps()) return {sentences_.Get("nps_low"), sentences_.Get("nps_high")};
    if (question_.has_csat()) return {sentences_.Get("csat_low"), sentences_.Get("csat_high")};
    if (question_.has_ces() && surveys::EffortIsHigh(question_.ces())) {
      return {sentences_.Get("effort_low"), sentences_.Get("effort_high")};
    }
    if (question_.has_ces()) return {sentences_.Get("ease_low"), sentences_.Get("ease_high")};
    return {OnlyText(question_.rating().low_label()), OnlyText(question_.rating().high_label())};
  }

  void MakeSingleChoice(const Options& options) {
    const std::string name = FieldName(question_);
    if (options.size() <= kMaxButtons) {
      List list = OptionsUnder(name, options);
      AddNoAnswer(name, list);
      SetOptions("radio", std::move(list));
    } else {
      List list;
      list.push_back(Option("", "", false));
      for (Data& option : OptionsUnder(name, options)) list.push_back(std::move(option));
      data_.set("field", true);
      data_.set("list", true);
      data_.set("options", list);
    }
    SetOther(options);
  }

  void SetOther(const Options& options) {
    for (const v1::ChoiceOption& option : options) {
      if (!option.other()) continue;
      data_.set("other", sentences_.Fill("other", {{"option", std::string(OnlyText(option.text()))}}));
      data_.set("other_typed", std::string(form_.First(FieldName(question_, "other"))));
    }
  }

  void MakeMultipleChoice(const v1::MultipleChoiceQuestion& kind) {
    SetOptions("checkbox", OptionsUnder(FieldName(question_), kind.options()));
    SetOther(kind.options());
    const std::string max = absl::StrCat(surveys::MaxChoicesOf(kind));
    if (kind.min_choices() > 0) {
      SetText("note", sentences_.Fill("choose_between", {{"min", absl::StrCat(kind.min_choices())}, {"max", max}}),
              data_);
    } else if (kind.max_choices() > 0) {
      SetText("note", sentences_.Fill("choose_up_to", {{"max", max}}), data_);
    } else {
      SetText("note", sentences_.Get("choose_any"), data_);
    }
  }

  void MakeMatrix(const v1::MatrixQuestion& kind) {
    List rows;
    bool first = true;
    for (const v1::ChoiceOption& row : kind.rows()) {
      const std::string name = FieldName(question_, row.key());
      List options = OptionsUnder(name, kind.columns());
      AddNoAnswer(name, options);
      Data line;
      line.set("row", std::string(OnlyText(row.text())));
      line.set("row_name", name);
      line.set("options", first ? WithFirstId(std::move(options)) : std::move(options));
      rows.push_back(std::move(line));
      first = false;
    }
    data_.set("group", true);
    data_.set("rows", rows);
  }

  void MakeRanking(const Options& options) {
    const bool lists = options.size() <= kMaxPlaceLists;
    List places;
    for (const v1::ChoiceOption& option : options) {
      const std::string name = FieldName(question_, option.key());
      Data place;
      place.set("select", sentences_.Fill("place", {{"option", std::string(OnlyText(option.text()))}}));
      place.set("select_name", name);
      place.set("select_id",
                places.empty() ? FirstFieldId(question_) : absl::StrCat("q-", question_.key(), "-", option.key()));
      place.set("place", std::string(form_.First(name)));
      if (lists) place.set("options", Places(options.size(), form_.First(name)));
      places.push_back(std::move(place));
    }
    data_.set("group", true);
    data_.set(lists ? "selects" : "places", places);
    SetText("note", sentences_.Get("ranking"), data_);
  }

  List Places(int count, absl::string_view chosen) {
    List list;
    list.push_back(Option("", "–", false));
    for (int place = 1; place <= count; ++place) {
      const std::string text = absl::StrCat(place);
      list.push_back(Option(text, text, chosen == text));
    }
    return list;
  }

  void MakeConsent() {
    List list;
    list.push_back(Option("yes", sentences_.Get("consent"), !form_.First(FieldName(question_)).empty()));
    SetOptions("checkbox", std::move(list));
  }

  void MakeFreeText(const v1::TextQuestion& kind) {
    if (kind.multiline()) {
      data_.set("field", true);
      data_.set("textarea", true);
      data_.set("typed", std::string(form_.First(FieldName(question_))));
      return;
    }
    switch (kind.pattern()) {
      case v1::TextQuestion::PATTERN_EMAIL:
        SetLine("email", "", "email");
        break;
      case v1::TextQuestion::PATTERN_PHONE:
        SetLine("tel", "", "tel");
        break;
      case v1::TextQuestion::PATTERN_URL:
        SetLine("url", "", "url");
        break;
      case v1::TextQuestion::PATTERN_NUMBER:
        SetLine("text", "decimal", "");
        break;
      default:
        SetLine("text", "", "");
        break;
    }
  }

  void SetLine(absl::string_view type, absl::string_view mode, absl::string_view purpose) {
    data_.set("field", true);
    data_.set("line", std::string(type));
    data_.set("typed", std::string(form_.First(FieldName(question_))));
    SetText("mode", mode, data_);
    SetText("purpose", purpose, data_);
  }

  // A text field: the native one for numbers refuses a decimal comma without saying why, and turns with the wheel.
  void MakeNumber(const v1::NumberQuestion& kind) {
    SetLine("text", kind.decimals() == 0 && kind.has_min() && kind.min() >= 0 ? "numeric" : "decimal", "");
    data_.set("short", true);
    SetText("unit", OnlyText(kind.unit()), data_);
  }

  void MakeDate(const v1::DateQuestion& kind) {
    SetLine("date", "", "");
    data_.set("short", true);
    SetText("least", kind.min(), data_);
    SetText("most", kind.max(), data_);
  }

  const v1::Question& question_;
  const Form& form_;
  const Sentences& sentences_;
  Data data_;
};

}  // namespace

mustache::data QuestionView(const v1::Question& question, const Form& form, absl::string_view problem,
                            const Sentences& sentences) {
  return View(question, form, problem, sentences).Make();
}

std::string FirstFieldId(const v1::Question& question) { return absl::StrCat("q-", question.key()); }

absl::string_view OnlyText(const google::protobuf::Map<std::string, std::string>& texts) {
  return texts.empty() ? absl::string_view() : absl::string_view(texts.begin()->second);
}

}  // namespace canvass::http
