// One question as the templates show it: which fields, what stands in them, what is said beside them. question.proto
// has thirteen kinds; they share a few shapes: a group of options, rows of options, a list of places, and one field.
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_HTTP_PAGES_QUESTION_VIEW_H_
#define CANVASS_SERVER_HTTP_PAGES_QUESTION_VIEW_H_

#include <kainjow/mustache.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "canvass/v1/question.pb.h"
#include "server/http/pages/answer_form.h"
#include "server/http/pages/sentences.h"

namespace canvass::http {

// What `question_item.mustache` is filled in with. `question` has one language and no pipes; `form` holds what was
// filled in so far; `problem` is empty if nothing is wrong.
kainjow::mustache::data QuestionView(const v1::Question& question, const Form& form, absl::string_view problem,
                                     const Sentences& sentences);

// The id of the question's first field, to which a link about it leads.
std::string FirstFieldId(const v1::Question& question);

// The text of a map that is in one language alone; empty if there is none.
absl::string_view OnlyText(const google::protobuf::Map<std::string, std::string>& texts);

}  // namespace canvass::http

#endif  // CANVASS_SERVER_HTTP_PAGES_QUESTION_VIEW_H_
