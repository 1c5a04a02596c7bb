import type { RequestOf, ResponseOf } from '@causeway/core/api';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Form, Input, InputNumber, Modal, Radio, Select, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../../app/action.ts';
import { client } from '../../app/client.ts';
import { queries } from '../../app/queries.ts';
import { useFigures } from '../../show/figures.ts';
import { ProblemNote } from '../../show/problem-note.tsx';

const receivers = ['guest', 'count', 'both', 'host'] as const;
const defaults = { receiver: 'guest', uses: 1, rowsMax: 200_000 } as const;

/** Makes an invite; its link is shown once and kept nowhere. */
export function InviteGuest() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<ResponseOf<'guest.invite'>>();
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t('guests.invite')}
      </Button>
      <Modal
        open={isOpen}
        destroyOnHidden
        style={{ top: 32 }}
        footer={null}
        title={t('guests.invite')}
        onCancel={() => {
          setOpen(false);
          setMade(undefined);
        }}
      >
        {made === undefined ? <InviteForm done={setMade} /> : <Link made={made} />}
      </Modal>
    </>
  );
}

function InviteForm({ done }: { readonly done: (made: ResponseOf<'guest.invite'>) => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<RequestOf<'guest.invite'>>();
  const action = useAction((asked: RequestOf<'guest.invite'>) => client.guest.invite(asked), {
    changes: ['guests'],
    done,
  });
  const datasets = useQuery(queries.datasets).data?.items.filter(({ status }) => status === 'published') ?? [];
  const dataset = Form.useWatch('dataset', form);
  const chosen = datasets.find(({ name }) => name === dataset);
  const needed = [{ required: true, message: t('session.required') }];
  return (
    <Form form={form} layout="vertical" requiredMark={false} initialValues={defaults} onFinish={action.run}>
      <Form.Item name="label" label={t('guests.labelField')} rules={needed}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="purpose" label={t('agreements.purpose')} rules={needed}>
        <Input maxLength={500} />
      </Form.Item>
      <Form.Item name="dataset" label={t('guests.datasetField')} rules={needed}>
        <Select
          options={datasets.map(({ name }) => ({ value: name, label: name }))}
          notFoundContent={t('guests.noDataset')}
        />
      </Form.Item>
      <Form.Item name="key" label={t('guest.identifier')} rules={needed}>
        <Select
          options={(chosen?.description.ids ?? []).map(({ column, profile }) => ({
            value: column,
            label: `${column} (${profile})`,
          }))}
        />
      </Form.Item>
      <Form.Item name="receiver" label={t('guests.receiver')}>
        <Radio.Group
          className="stack"
          options={receivers.map((value) => ({ value, label: t(`guests.receiversLong.${value}`) }))}
        />
      </Form.Item>
      <div className="toolbar">
        <Form.Item name="uses" label={t('guests.usesField')}>
          <InputNumber min={1} max={100} precision={0} />
        </Form.Item>
        <Form.Item name="rowsMax" label={t('guests.rowsMax')}>
          <InputNumber min={1000} max={10_000_000} step={10_000} precision={0} />
        </Form.Item>
      </div>
      {action.error !== null && <ProblemNote error={action.error} />}
      <Button type="primary" htmlType="submit" loading={action.isRunning}>
        {t('guests.make')}
      </Button>
    </Form>
  );
}

function Link({ made }: { readonly made: ResponseOf<'guest.invite'> }) {
  const { t } = useTranslation();
  const figures = useFigures();
  const { invite, path } = made;
  return (
    <div className="stack">
      {invite.status === 'waiting' && <Alert type="info" showIcon title={t('guests.linkWaits')} />}
      <p>{t('guests.linkAbout', { label: invite.label, time: figures.time(invite.expiresAt) })}</p>
      <Typography.Paragraph copyable className="mono panel panel-body">
        {location.origin + path}
      </Typography.Paragraph>
      {/^(127\.|localhost$|\[::1\])/.test(location.hostname) && (
        <Alert type="warning" showIcon title={t('guests.loopback')} />
      )}
    </div>
  );
}
