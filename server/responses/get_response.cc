#include "server/responses/get_response.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/aip/page_token.h"
#include "server/base/error.h"
#include "server/base/ids.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"

namespace canvass::responses {
namespace {

constexpr int kDefaultPage = 100;
constexpr int kMaxPage = 1000;

}  // namespace

absl::StatusOr<v1::Response> GetResponse(ResponseStore& store, const TenantScope& scope,
                                         const v1::GetResponseRequest& request) {
  CANVASS_ASSIGN_OR_RETURN(const std::string text, ParseChild(scope, "responses", "name", request.name()));
  const absl::StatusOr<Uuid> id = Uuid::Parse(text);
  if (!id.ok()) {
    return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_RESPONSE_NOT_FOUND,
                 absl::StrCat("response '", absl::CHexEscape(text.substr(0, 100)), "' does not exist"));
  }
  return store.Get(scope, *id);
}

absl::StatusOr<v1::ListResponsesResponse> ListResponses(ResponseStore& store, surveys::SurveyCatalog& catalog,
                                                        const TenantScope& scope,
                                                        const v1::ListResponsesRequest& request) {
  CANVASS_RETURN_IF_ERROR(CheckParent(scope, request.parent()));
  if (request.survey().empty()) return FieldError(v1::ERROR_REASON_INVALID_FIELD, "survey", "is required");
  CANVASS_ASSIGN_OR_RETURN(std::string id, ParseChild(scope, "surveys", "survey", request.survey()));
  const SurveyId survey(std::move(id));
  CANVASS_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size(), kDefaultPage, kMaxPage));
  const std::string list = absl::StrCat("ListResponses survey=", survey.value());
  CANVASS_ASSIGN_OR_RETURN(const std::string position, DecodePageToken(list, request.page_token()));
  CANVASS_RETURN_IF_ERROR(catalog.Status(scope, survey).status());
  std::optional<Uuid> after;
  if (!position.empty()) after = Uuid::FromBytes(position);
  CANVASS_ASSIGN_OR_RETURN(std::vector<v1::Response> rows, store.List(scope, survey, after, size + 1));

  v1::ListResponsesResponse page;
  const bool more = rows.size() > static_cast<std::size_t>(size);
  if (more) rows.pop_back();
  for (v1::Response& row : rows) page.add_responses()->Swap(&row);
  if (more) {
    const std::string& name = page.responses(size - 1).name();
    CANVASS_ASSIGN_OR_RETURN(const Uuid last, Uuid::Parse(absl::string_view(name).substr(name.rfind('/') + 1)));
    page.set_next_page_token(EncodePageToken(list, last.bytes()));
  }
  return page;
}

}  // namespace canvass::responses
