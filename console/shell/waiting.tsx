import { Spin } from 'antd';

/** Where nothing can be shown yet. What comes quickly is not announced. */
export function Waiting() {
  return (
    <div className="waiting">
      <Spin delay={200} />
    </div>
  );
}
