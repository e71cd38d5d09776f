#include "client/surveyjs/logic/visibility_reader.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/surveyjs/expression/condition_building.h"
#include "client/surveyjs/logic/condition_reader.h"
#include "client/surveyjs/reading/key_maker.h"
#include "client/surveyjs/reading/properties.h"

namespace canvass::surveyjs {
namespace {

constexpr int kMaxPages = 100;
constexpr absl::string_view kEverybody = "it is shown to everybody";

class VisibilityReader {
 public:
  VisibilityReader(const Outline& outline, Layout layout, const TextReader& texts, Draft& draft, Report& report)
      : outline_(outline), layout_(layout), texts_(texts), draft_(draft), report_(report) {}

  void Run() {
    const int pages = static_cast<int>(outline_.pages.size());
    for (int page = 0; page < pages; ++page) ReadPage(page);
    TakeOutHidden();
    for (int page = 0; page < pages; ++page) AddPage(page);
  }

 private:
  void ReadPage(int page) {
    const int first = draft_.FirstOf(page);
    const int end = draft_.EndOf(page);
    v1::Condition of_page = layout_ == Layout::kPages ? Visible(outline_.pages[page].visible_if, first) : Always();
    if (IsNever(of_page)) report_.Add(outline_.pages[page].path, "is shown to nobody: left out");
    for (int place = first; place < end; ++place) {
      std::vector<Visibility> visible_if = draft_.origins[place].visible_if;
      if (layout_ == Layout::kQuestionPerPage) {
        visible_if.insert(visible_if.begin(), outline_.pages[page].visible_if.begin(),
                          outline_.pages[page].visible_if.end());
      }
      v1::Condition condition = IsNever(of_page) ? Never() : Visible(visible_if, place);
      if (IsNever(condition)) {
        if (!IsNever(of_page)) report_.Add(draft_.origins[place].path, "is shown to nobody: left out");
        draft_.names.Remove(place);
        hidden_.push_back(place);
      } else if (!IsAlways(condition)) {
        *draft_.definition.mutable_questions(place)->mutable_show_if() = std::move(condition);
      }
    }
    page_conditions_.push_back(std::move(of_page));
  }

  // All of `visible_if`, as far as they can be said before `position`.
  v1::Condition Visible(const std::vector<Visibility>& visible_if, int position) {
    const ConditionReader reader(draft_.names, report_);
    std::vector<v1::Condition> conditions;
    for (const Visibility& each : visible_if) {
      std::optional<v1::Condition> condition = reader.Read(each.expression, each.path, position, kEverybody);
      if (condition.has_value()) conditions.push_back(*std::move(condition));
    }
    v1::Condition all = And(std::move(conditions));
    const absl::Status size = CheckSize(all);
    if (size.ok()) return all;
    report_.Add(visible_if.back().path, absl::StrCat("with the panels around it ", size.message(), ": ", kEverybody));
    return Always();
  }

  void TakeOutHidden() {
    for (auto place = hidden_.rbegin(); place != hidden_.rend(); ++place) {
      draft_.definition.mutable_questions()->DeleteSubrange(*place, 1);
      draft_.origins.erase(draft_.origins.begin() + *place);
      draft_.names.CloseGap(*place);
    }
  }

  void AddPage(int page) {
    const PageOutline& outline = outline_.pages[page];
    Properties properties(*outline.json, outline.path);
    properties.Ignore({"name", "elements", "questions", "visible", "visibleIf"});
    TextMap title = texts_.Read(properties.Take("title"), properties.PathOf("title"));
    TextMap description = texts_.Read(properties.Take("description"), properties.PathOf("description"));
    properties.ReportRest(report_);
    const int first = draft_.FirstOf(page);
    if (first == draft_.EndOf(page)) return report_.Add(outline.path, "has no questions left: left out");
    if (layout_ == Layout::kQuestionPerPage) {
      if (!title.empty() || !description.empty()) {
        report_.Add(outline.path, "its title and description are left out: every question is a page of its own");
      }
      return;
    }
    if (draft_.definition.pages_size() == kMaxPages) {
      return report_.Add(outline.path, absl::StrCat("is joined to the page before: ", kMaxPages, " are possible"));
    }
    v1::Page& added = *draft_.definition.add_pages();
    added.set_key(keys_.Make(outline.name));
    if (!outline.name.empty() && added.key() != outline.name) {
      report_.Add(outline.path, absl::StrCat(Quoted(outline.name), " is no key: it became ", added.key()));
    }
    added.set_starts_with(draft_.definition.questions(first).key());
    *added.mutable_title() = std::move(title);
    *added.mutable_description() = std::move(description);
    if (!IsAlways(page_conditions_[page])) *added.mutable_show_if() = page_conditions_[page];
  }

  const Outline& outline_;
  const Layout layout_;
  const TextReader& texts_;
  Draft& draft_;
  Report& report_;
  KeyMaker keys_{KeyMaker::First::kLetter, "page"};
  std::vector<v1::Condition> page_conditions_;
  std::vector<int> hidden_;
};

}  // namespace

void ReadVisibility(const Outline& outline, Layout layout, const TextReader& texts, Draft& draft, Report& report) {
  VisibilityReader(outline, layout, texts, draft, report).Run();
}

}  // namespace canvass::surveyjs
