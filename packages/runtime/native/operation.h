// A TensorFlow operation as the code of one sees it: its inputs with their shapes checked, its outputs,
// and errors as exceptions, which end the call with a message and never the process.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "tensorflow-c.h"

class Operation {
 public:
  explicit Operation(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Operation() { TF_DeleteStatus(status_); }
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  class Input {
   public:
    Input(TF_Tensor* tensor, const char* name) : tensor_(tensor, TF_DeleteTensor), name_(name) {}

    int64_t dim(int index) const {
      if (index >= TF_NumDims(tensor_.get())) throw mismatch("more dimensions");
      return TF_Dim(tensor_.get(), index);
    }

    bool is_empty() const {
      for (int i = 0; i < TF_NumDims(tensor_.get()); i++) {
        if (TF_Dim(tensor_.get(), i) == 0) return true;
      }
      return false;
    }

    // Its elements, once its shape is what it should be.
    template <typename Element>
    const Element* data(std::initializer_list<int64_t> shape) const {
      if (shape_of(tensor_.get()) != text(shape)) throw mismatch(text(shape));
      return static_cast<const Element*>(TF_TensorData(tensor_.get()));
    }

   private:
    std::invalid_argument mismatch(const std::string& expected) const {
      return std::invalid_argument(std::string(name_) + " is " + shape_of(tensor_.get()) + ", expected " + expected);
    }

    std::unique_ptr<TF_Tensor, void (*)(TF_Tensor*)> tensor_;
    const char* name_;
  };

  Input input(int index, const char* name) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status_);
    check();
    return Input(tensor, name);
  }

  // The elements of a new output, not initialised; it lives as long as the call.
  float* output(int index, std::initializer_list<int64_t> shape) {
    size_t bytes = sizeof(float);
    for (const int64_t size : shape) bytes *= static_cast<size_t>(size);
    TF_Tensor* tensor = TF_AllocateOutput(context_, index, TF_FLOAT, shape.begin(),
                                          static_cast<int>(shape.size()), bytes, status_);
    check();
    outputs_.emplace_back(tensor, TF_DeleteTensor);
    return static_cast<float*>(TF_TensorData(tensor));
  }

  // Runs the body of an operation; what it throws becomes the operation's error.
  template <typename Body>
  static void run(TF_OpKernelContext* context, const Body& body) {
    Operation operation(context);
    try {
      body(operation);
    } catch (const std::bad_alloc&) {
      operation.fail(TF_RESOURCE_EXHAUSTED, "not enough memory");
    } catch (const std::invalid_argument& error) {
      operation.fail(TF_INVALID_ARGUMENT, error.what());
    } catch (const std::exception& error) {
      operation.fail(TF_INTERNAL, error.what());
    }
  }

 private:
  static std::string text(std::initializer_list<int64_t> shape) {
    std::string all;
    for (const int64_t size : shape) all += (all.empty() ? "" : ", ") + std::to_string(size);
    return "[" + all + "]";
  }

  static std::string shape_of(const TF_Tensor* tensor) {
    std::string all;
    for (int i = 0; i < TF_NumDims(tensor); i++) {
      all += (i == 0 ? "" : ", ") + std::to_string(TF_Dim(tensor, i));
    }
    return "[" + all + "]";
  }

  void check() {
    if (TF_GetCode(status_) != TF_OK) throw std::runtime_error(TF_Message(status_));
  }

  void fail(TF_Code code, const char* message) {
    TF_SetStatus(status_, code, message);
    TF_OpKernelContext_Failure(context_, status_);
  }

  TF_OpKernelContext* const context_;
  TF_Status* const status_;
  std::vector<std::unique_ptr<TF_Tensor, void (*)(TF_Tensor*)>> outputs_;
};

// Registers an operation of float (and where it says so int32) tensors.
void register_operation(const char* name, std::initializer_list<const char*> inputs,
                        std::initializer_list<const char*> outputs,
                        void (*compute)(void*, TF_OpKernelContext*));
