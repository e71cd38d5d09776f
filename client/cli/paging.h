// Lists page by page, up to what the user wants to see.
//
//   absl::StatusOr<std::vector<v1::Survey>> surveys =
//       ListAll(session, &client::Surveys::ListSurveys, request, &v1::ListSurveysResponse::surveys, limit);
//
// Not thread-safe, as the session.
#ifndef CANVASS_CLIENT_CLI_PAGING_H_
#define CANVASS_CLIENT_CLI_PAGING_H_

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "client/cli/session.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace canvass::cli {

inline constexpr int kDefaultLimit = 100;
inline constexpr int kMaxPage = 1000;

// At most `limit` items, all of them for 0. Says so on standard error where there are more.
template <typename Stub, typename Request, typename Response, typename Item>
absl::StatusOr<std::vector<Item>> ListAll(Session& session,
                                          grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                          std::type_identity_t<Request> request,
                                          const google::protobuf::RepeatedPtrField<Item>& (Response::*items)() const,
                                          int limit) {
  std::vector<Item> all;
  while (true) {
    const int wanted = limit == 0 ? kMaxPage : limit - static_cast<int>(all.size());
    request.set_page_size(std::min(wanted, kMaxPage));
    absl::StatusOr<Response> page = session.Call(method, request);
    if (!page.ok()) return page.status();
    for (const Item& item : ((*page).*items)()) all.push_back(item);
    if (page->next_page_token().empty()) return all;
    if (limit != 0 && static_cast<int>(all.size()) >= limit) {
      session.out().Note(absl::StrCat("these are the first ", all.size(), "; --limit N shows more, --limit 0 all"));
      return all;
    }
    request.set_page_token(page->next_page_token());
  }
}

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_PAGING_H_
