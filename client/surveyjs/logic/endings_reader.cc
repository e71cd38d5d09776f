#include "client/surveyjs/logic/endings_reader.h"

#include <google/protobuf/util/message_differencer.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/surveyjs/expression/condition_building.h"
#include "client/surveyjs/logic/condition_reader.h"

namespace canvass::surveyjs {
namespace {

using google::protobuf::util::MessageDifferencer;
using nlohmann::json;

constexpr int kMaxEndings = 20;
constexpr int kMaxRoutes = 20;
constexpr std::size_t kMaxUrl = 2000;
constexpr absl::string_view kDefaultKey = "completed";
constexpr absl::string_view kThanks = "Thank you for completing the survey";

// One of completedHtmlOnCondition.
struct ConditionalEnding {
  std::string expression;
  std::string path;
  v1::Ending ending;     // without its key
  bool reached = false;  // by a trigger
};

class EndingsReader {
 public:
  EndingsReader(Properties& document, const Outline& outline, const TextReader& texts,
                const std::set<std::string>& languages, Draft& draft, Report& report)
      : document_(document),
        outline_(outline),
        texts_(texts),
        languages_(languages),
        draft_(draft),
        report_(report),
        conditions_(draft.names, report) {}

  void Run() {
    ReadUrls();
    ReadDefault();
    ReadConditional();
    const json* triggers = document_.Take("triggers");
    for (std::size_t i = 0; triggers != nullptr && triggers->is_array() && i < triggers->size(); ++i) {
      ReadTrigger((*triggers)[i], absl::StrCat("triggers[", i, "]"));
    }
    for (ConditionalEnding& each : conditional_) {
      if (!each.reached) LeadThereAtTheEnd(each);
    }
    AddEndings();
  }

 private:
  void ReadUrls() {
    const json* urls = document_.Take("navigateToUrlOnCondition");
    for (std::size_t i = 0; urls != nullptr && urls->is_array() && i < urls->size(); ++i) {
      Properties item((*urls)[i], absl::StrCat("navigateToUrlOnCondition[", i, "]"));
      const std::string expression = item.TakeText("expression");
      const std::string url = Url(item.TakeText("url"), item.path());
      if (!url.empty()) urls_.try_emplace(expression, std::make_pair(url, item.path()));
    }
  }

  std::string Url(const std::string& url, absl::string_view path) {
    if (url.empty() || (absl::StartsWith(url, "https://") && url.size() <= kMaxUrl)) return url;
    report_.Add(path, absl::StrCat(Quoted(url), " is left out: endings lead to addresses that start with https://"));
    return "";
  }

  void ReadDefault() {
    const json* html = document_.Take("completedHtml");
    const std::string url = Url(document_.TakeText("navigateToUrl"), "navigateToUrl");
    HeadedText text = texts_.ReadHtml(html, "completedHtml");
    has_default_text_ = !text.heading.empty();
    default_.mutable_title()->swap(text.heading);
    default_.mutable_text()->swap(text.text);
    default_.set_redirect_url(url);
    needs_default_ = has_default_text_ || !url.empty();
  }

  void ReadConditional() {
    const json* items = document_.Take("completedHtmlOnCondition");
    for (std::size_t i = 0; items != nullptr && items->is_array() && i < items->size(); ++i) {
      Properties item((*items)[i], absl::StrCat("completedHtmlOnCondition[", i, "]"));
      ConditionalEnding ending{item.TakeText("expression"), item.path(), {}};
      HeadedText text = texts_.ReadHtml(item.Take("html"), item.PathOf("html"));
      if (text.heading.empty() || static_cast<int>(conditional_.size()) == kMaxEndings - 1) {
        report_.Add(item.path(), text.heading.empty()
                                     ? "has no text: left out"
                                     : absl::StrCat("is left out: ", kMaxEndings, " endings are possible"));
        continue;
      }
      ending.ending.mutable_title()->swap(text.heading);
      ending.ending.mutable_text()->swap(text.text);
      const auto url = urls_.find(ending.expression);
      if (url != urls_.end()) {
        ending.ending.set_redirect_url(url->second.first);
        urls_.erase(url);
      }
      conditional_.push_back(std::move(ending));
      if ((*items)[i].is_object()) item.ReportRest(report_);
    }
    for (const auto& [expression, url] : urls_) {
      report_.Add(url.second,
                  absl::StrCat("is left out: completedHtmlOnCondition has no ending for ", Quoted(expression)));
    }
  }

  void ReadTrigger(const json& value, const std::string& path) {
    Properties trigger(value, path);
    const std::string type = trigger.TakeText("type");
    const std::string expression = trigger.TakeText("expression");
    if (type == "visible") return;  // the outline has read it
    if (type != "complete" && type != "skip") {
      return report_.Add(path, absl::StrCat("the trigger ", Quoted(type), expression.empty() ? "" : " if ",
                                            expression.empty() ? "" : Quoted(expression),
                                            " is left out: only the respondent changes answers here"));
    }
    const int named = conditions_.LastNamed(expression);
    if (named < 0) {
      return report_.Add(path,
                         absl::StrCat("the trigger if ", Quoted(expression), " is left out: it names no question"));
    }
    if (type == "complete") {
      const bool paged = !draft_.definition.pages().empty();
      ReadComplete(expression, path, paged ? draft_.EndOf(draft_.origins[named].page) - 1 : named);
    } else {
      ReadSkip(expression, path, named, trigger.TakeText("gotoName"));
    }
    trigger.ReportRest(report_);
  }

  void ReadComplete(const std::string& expression, const std::string& path, int place) {
    // Behind the last question everybody is at the end.
    if (place == draft_.definition.questions_size() - 1) return;
    std::optional<v1::Condition> when = Condition(expression, path, place, "the trigger is left out");
    if (!when.has_value()) return;
    TellIfHidden(place, path, "the survey does not end there");
    for (ConditionalEnding& each : conditional_) {
      if (each.expression != expression) continue;
      each.reached = true;
      return AddRoute(place, path, *when, RouteTo(each));
    }
    for (ConditionalEnding& each : conditional_) {
      std::optional<v1::Condition> also = conditions_.TryRead(each.expression, place + 1);
      if (!also.has_value()) continue;
      const v1::Condition both = And({*when, *also});
      if (!IsNever(both) && CheckSize(both).ok()) AddRoute(place, path, both, RouteTo(each));
    }
    needs_default_ = true;
    v1::Route route;
    route.set_end_with(std::string(kDefaultKey));
    AddRoute(place, path, *when, std::move(route));
  }

  void ReadSkip(const std::string& expression, const std::string& path, int place, const std::string& target) {
    const int goal = PlaceOf(target);
    if (goal <= place) {
      return report_.Add(path, absl::StrCat("the skip to ", Quoted(target), " is left out: ",
                                            goal < 0 ? "it is not asked here" : "it is not asked later"));
    }
    std::optional<v1::Condition> when = Condition(expression, path, place, "the trigger is left out");
    if (!when.has_value()) return;
    const v1::Question& question = draft_.definition.questions(place);
    const bool skips_already = std::any_of(question.routes().begin(), question.routes().end(),
                                           [](const v1::Route& route) { return route.has_skip_to(); });
    if (skips_already) report_.Add(path, "if several triggers hold, the first counts here, the last in SurveyJS");
    v1::Route route;
    route.set_skip_to(draft_.definition.questions(goal).key());
    AddRoute(place, path, *when, std::move(route));
  }

  // The condition of a route; neither always nor never true.
  std::optional<v1::Condition> Condition(const std::string& expression, const std::string& path, int place,
                                         absl::string_view consequence) {
    std::optional<v1::Condition> when = conditions_.Read(expression, path, place + 1, consequence);
    if (!when.has_value()) return std::nullopt;
    if (!IsAlways(*when) && !IsNever(*when)) return when;
    report_.Add(
        path, absl::StrCat(Quoted(expression), IsNever(*when) ? " is never true: " : " is always true: ", consequence));
    return std::nullopt;
  }

  // The place of the question of that name, or of the first one of the page; -1 if there is none.
  int PlaceOf(const std::string& name) const {
    const absl::StatusOr<Named> named = draft_.names.FindBefore(name, Names::kEnd);
    if (named.ok() && named->reference.kind != Reference::Kind::kFact) return named->position;
    for (std::size_t page = 0; page < outline_.pages.size(); ++page) {
      const int first = draft_.FirstOf(static_cast<int>(page));
      if (outline_.pages[page].name == name && first < draft_.definition.questions_size()) return first;
    }
    return -1;
  }

  void AddRoute(int place, const std::string& path, v1::Condition when, v1::Route route) {
    v1::Question& question = *draft_.definition.mutable_questions(place);
    if (question.routes_size() == kMaxRoutes) {
      return report_.Add(path, absl::StrCat("is left out: question ", question.key(), " has ", kMaxRoutes, " routes"));
    }
    *route.mutable_when() = std::move(when);
    *question.add_routes() = std::move(route);
  }

  void LeadThereAtTheEnd(ConditionalEnding& ending) {
    const int place = draft_.definition.questions_size() - 1;
    std::optional<v1::Condition> when = Condition(ending.expression, ending.path, place, "the ending is left out");
    if (!when.has_value()) return;
    TellIfHidden(place, ending.path, "respondents read the first ending");
    AddRoute(place, ending.path, *std::move(when), RouteTo(ending));
    needs_default_ = true;
  }

  void TellIfHidden(int place, const std::string& path, absl::string_view otherwise) {
    const v1::Question& question = draft_.definition.questions(place);
    if (!question.has_show_if()) return;
    report_.Add(path,
                absl::StrCat("is a route of question ", question.key(), ": where that is not shown, ", otherwise));
  }

  // Endings get their keys as they are led to, so that none is out of reach; those that say the same are one.
  v1::Route RouteTo(const ConditionalEnding& conditional) {
    v1::Route route;
    if (has_default_text_ && MessageDifferencer::Equals(default_, conditional.ending)) {
      needs_default_ = true;
      route.set_end_with(std::string(kDefaultKey));
      return route;
    }
    for (const v1::Ending& ending : reached_) {
      v1::Ending without_key = ending;
      without_key.clear_key();
      if (MessageDifferencer::Equals(without_key, conditional.ending)) route.set_end_with(ending.key());
    }
    if (route.has_end_with()) return route;
    v1::Ending& ending = reached_.emplace_back(conditional.ending);
    ending.set_key(absl::StrCat(kDefaultKey, "_", reached_.size() + 1));
    route.set_end_with(ending.key());
    return route;
  }

  void AddEndings() {
    if (!needs_default_ && reached_.empty()) return;
    if (!has_default_text_) {
      *default_.mutable_title() = texts_.Standard(kThanks, languages_);
      report_.Add("completedHtml", absl::StrCat("is not there: the ending says ", Quoted(kThanks)));
    }
    default_.set_key(std::string(kDefaultKey));
    *draft_.definition.add_endings() = default_;
    for (const v1::Ending& ending : reached_) *draft_.definition.add_endings() = ending;
  }

  Properties& document_;
  const Outline& outline_;
  const TextReader& texts_;
  const std::set<std::string>& languages_;
  Draft& draft_;
  Report& report_;
  const ConditionReader conditions_;
  absl::flat_hash_map<std::string, std::pair<std::string, std::string>> urls_;  // expression → url, path
  v1::Ending default_;
  bool has_default_text_ = false;
  bool needs_default_ = false;
  std::vector<ConditionalEnding> conditional_;
  std::vector<v1::Ending> reached_;  // of the conditional ones, with their keys
};

}  // namespace

void ReadEndings(Properties& document, const Outline& outline, const TextReader& texts,
                 const std::set<std::string>& languages, Draft& draft, Report& report) {
  EndingsReader(document, outline, texts, languages, draft, report).Run();
}

}  // namespace canvass::surveyjs
