// Whole pages: the survey's, and those with a message alone.
//
//   const PageFrame frame{.look = LookOf(brand, tenant_name), .sentences = Sentences::In(language), .language =
//   language}; return SurveyPage(frame, content);
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_HTTP_PAGES_PAGE_VIEW_H_
#define CANVASS_SERVER_HTTP_PAGES_PAGE_VIEW_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/questionnaire.pb.h"
#include "server/http/pages/answer_form.h"
#include "server/http/pages/brand_look.h"
#include "server/http/pages/sentences.h"

namespace canvass::http {

// What a browser gets.
struct PageReply {
  int status = 200;
  std::string html;
  // Content-Security-Policy.
  std::string policy;
  // Not empty: it is sent there instead, with 303.
  std::string location;
  // Goes there after a while (header Refresh); empty: stays.
  std::string next_location;
  // Not zero: when trying again makes sense.
  absl::Duration retry_after;
  // Not text/html.
  std::string content_type;
};

PageReply Redirect(std::string location);

// What all pages of one reply share.
struct PageFrame {
  BrandLook look;
  Sentences sentences;
  // Of what is not the server's own; BCP 47.
  std::string language;
};

// One wrong answer, for the respondent.
struct ShownProblem {
  std::string question;
  std::string text;
};

struct SurveyPageContent {
  const v1::Step& step;
  // The languages on offer.
  const std::vector<std::string>& languages;
  absl::string_view title;
  // What was filled in so far.
  const Form& form;
  std::vector<ShownProblem> problems = {};
  bool is_first = false;
  bool is_last = false;
};

// `content.step` has a page.
PageReply SurveyPage(const PageFrame& frame, const SurveyPageContent& content);

struct Message {
  int status = 200;
  std::string heading;
  std::vector<std::string> lines = {};
  // A button that posts to the same address; empty: none.
  std::string action = {};
  // Where a link of that text leads; empty: none.
  std::string link = {};
  std::string link_text = {};
  // By which the operator finds what happened; empty: none.
  std::string reference = {};
};

PageReply MessagePage(const PageFrame& frame, const Message& message);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_PAGES_PAGE_VIEW_H_
