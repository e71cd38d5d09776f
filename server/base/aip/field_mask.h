// Updates of some fields of a message (AIP-134, AIP-161).
//
//   v1::Survey changed = stored;
//   CANVASS_RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), {"display_name", "definition"}, request.survey(),
//   changed));
#ifndef CANVASS_SERVER_BASE_AIP_FIELD_MASK_H_
#define CANVASS_SERVER_BASE_AIP_FIELD_MASK_H_

#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/message.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace canvass {

// Sets the fields of `target` that `mask` names to what they are in `source`, which clears those that `source` does not
// have. Both are of one type. An empty mask, or the single path `*`, names every field of `allowed`.
//
// `allowed` holds names of top-level fields; "attributes.*" beside "attributes" also allows the paths
// "attributes.<key>" into a google.protobuf.Struct, which change that key alone.
//
// InvalidArgument (INVALID_FIELD_MASK) at `update_mask.paths[i]` for every path that is not allowed; then `target` is
// as it was.
absl::Status ApplyFieldMask(const google::protobuf::FieldMask& mask, absl::Span<const absl::string_view> allowed,
                            const google::protobuf::Message& source, google::protobuf::Message& target);

}  // namespace canvass

#endif  // CANVASS_SERVER_BASE_AIP_FIELD_MASK_H_
