/** A job whose end settles a promise. */
#pragma once

#include <node_api.h>

#include <utility>
#include <vector>

#include "pool/pool.h"

namespace causeway {

class AsyncJob : public Job {
 public:
  /**
   * What the promise becomes; called on the event loop when all pieces are done. By default the first output that the
   * call made. A failure that the input caused is a value too (such as the row of a malformed point), for the caller to
   * judge.
   */
  virtual napi_value result(napi_env env) { return held(env, 0); }

 protected:
  /** The output that was made as number `index` (see Arguments::output). */
  napi_value held(napi_env env, std::size_t index) const {
    napi_value value = nullptr;
    napi_get_reference_value(env, outputs_[index], &value);
    return value;
  }

 private:
  friend class Arguments;
  friend class PoolHandle;
  void release(napi_env env) {
    for (napi_ref reference : inputs_) napi_delete_reference(env, reference);
    for (napi_ref reference : outputs_) napi_delete_reference(env, reference);
  }

  napi_deferred deferred_ = nullptr;
  /** Keep the memory of buffers while threads read and write it. */
  std::vector<napi_ref> inputs_;
  std::vector<napi_ref> outputs_;
  Outcome outcome_ = Outcome::done;
};

}  // namespace causeway
